import { realpath } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { resolve } from "node:path";
import { controlAddress } from "../control/control-address.ts";
import { findSettingsFile, type LoadOptions } from "./find-settings.ts";

/**
 * Where the host on these settings is to be spoken to: the settings file tells hosts apart, and the folder of
 * plugins where that is given, or where there is no file.
 *
 * @throws HostError CONTROL_UNUSABLE
 */
export async function controlPlace(
  config: string | undefined,
  options: Pick<LoadOptions, "folder">,
): Promise<string> {
  const found = await findSettingsFile(config);
  const file = found === undefined ? undefined : await realpath(found).catch(() => resolve(found));
  const given = options.folder ?? (file === undefined ? "plugins" : undefined);
  const folder = given === undefined ? undefined : resolve(given);
  const { uid, username } = userInfo();
  const world = {
    platform: process.platform,
    runtimeFolder: process.env["XDG_RUNTIME_DIR"],
    temporaryFolder: tmpdir(),
    user: uid < 0 ? username : uid,
  };
  return controlAddress({ file, folder }, world);
}
