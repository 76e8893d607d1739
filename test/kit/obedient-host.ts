import { createHost, type Host, type HostOptions } from "tusk-host";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import { obedientPlugin } from "./obedient-plugin.ts";
import { settingsFor } from "./settings-for.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

/**
 * A host in which every name is an obedient plugin. They are loaded one after the other, so that plugins may
 * depend on each other ("other?"), which settings for all of them would not be allowed to say.
 */
export async function obedientHost(
  folder: TemporaryFolder,
  plugins: Readonly<Record<string, PluginSettingsInput>>,
  options: HostOptions = {},
): Promise<Host> {
  const file = await folder.write("obedient.wasm", await obedientPlugin());
  const host = await createHost(options);
  for (const [name, given] of Object.entries(plugins)) {
    const complete = { permissions: { "http-client": ["127.0.0.1"] }, dependencies: ["nobody?"], ...given };
    const settings = await settingsFor({ [name]: { ...complete, path: file } });
    await host.load(file, settings.plugins[name]);
  }
  return host;
}
