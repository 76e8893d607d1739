import { posix, win32 } from "node:path";

/** Where this user's programs keep what they can make again, and in there what is ours. */
export function defaultCacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === "win32") {
    const local = env["LOCALAPPDATA"] ?? win32.join(home, "AppData", "Local");
    return win32.join(local, "tusk-host", "components");
  }
  const given = env["XDG_CACHE_HOME"];
  // A relative one is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  const caches = given !== undefined && posix.isAbsolute(given) ? given : ownCaches(platform, home);
  return posix.join(caches, "tusk-host", "components");
}

function ownCaches(platform: NodeJS.Platform, home: string): string {
  return platform === "darwin" ? posix.join(home, "Library", "Caches") : posix.join(home, ".cache");
}
