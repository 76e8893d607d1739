import { createHash } from "node:crypto";
import { posix, win32 } from "node:path";

/**
 * Where it is kept which versions of plugins were trusted last, for settings that name no file: among what this
 * user's programs remember, one file for each folder that settings stand in.
 */
export function defaultRecordFile(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
  baseFolder: string,
): string {
  const name = `${createHash("sha256").update(baseFolder).digest("hex").slice(0, 16)}.json`;
  if (platform === "win32") {
    const local = env["LOCALAPPDATA"] ?? win32.join(home, "AppData", "Local");
    return win32.join(local, "tusk-host", "trusted", name);
  }
  const given = env["XDG_STATE_HOME"];
  // A relative one is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  const states = given !== undefined && posix.isAbsolute(given) ? given : ownStates(platform, home);
  return posix.join(states, "tusk-host", "trusted", name);
}

function ownStates(platform: NodeJS.Platform, home: string): string {
  const folders = platform === "darwin" ? ["Library", "Application Support"] : [".local", "state"];
  return posix.join(home, ...folders);
}
