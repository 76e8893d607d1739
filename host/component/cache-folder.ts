import type { Stats } from "node:fs";
import { chmod, mkdir, realpath, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { quote } from "../core/error-codes.ts";
import { HostError } from "../core/error.ts";

/**
 * Makes sure that a folder is there, that it belongs to the user, and that nobody else may write to it: what is kept
 * in it is run.
 *
 * @returns Where it is without links.
 * @throws HostError CACHE_UNSAFE when others could write to it, or put another one in its place
 */
export async function claimCacheFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const real = await realpath(folder);
  const { uid: own, gid } = userInfo();
  // Windows has neither owners nor modes here.
  if (own < 0) return real;
  const { mode, uid } = await stat(real);
  if (uid !== own) throw new HostError("CACHE_UNSAFE", { folder, reason: "belongs to another user" });
  if ((mode & 0o022) !== 0) {
    throw new HostError("CACHE_UNSAFE", { folder, reason: "can be written to by others" });
  }
  for (const parent of foldersAbove(real)) {
    const state = await statIfPermitted(parent);
    if (!state || !isReplaceable(state, own, gid)) continue;
    const reason = `is in ${quote(parent)}, where others could put another one in its place`;
    throw new HostError("CACHE_UNSAFE", { folder, reason });
  }
  if ((mode & 0o077) !== 0) await chmod(real, 0o700);
  return real;
}

function* foldersAbove(path: string): Generator<string> {
  for (let at = path; dirname(at) !== at;) yield (at = dirname(at));
}

/** Under Node's permission model the folders above cannot be looked at: whoever gave the permissions has. */
async function statIfPermitted(folder: string): Promise<Stats | undefined> {
  try {
    return await stat(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_ACCESS_DENIED") return undefined;
    throw error;
  }
}

/**
 * Whether others may rename what is in a folder. Not where it is sticky, as the folders for temporary files are;
 * and a group that is the user's own is often nobody else's.
 */
function isReplaceable({ mode, uid, gid }: Stats, ownUid: number, ownGid: number): boolean {
  if (uid !== ownUid && uid !== 0) return true;
  if ((mode & 0o1000) !== 0) return false;
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== ownGid && gid !== 0);
}
