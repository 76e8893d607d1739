import { realpath, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, resolve } from "node:path";

const OTHERS_WRITE = 0o002;
const GROUP_WRITES = 0o020;
const STICKY = 0o1000;

/**
 * Whether only who runs the host, and root, can change a file or put another one in its place: by the owner and
 * the mode of the file and its folder, and by the modes of the folders above, both where a link stands and where
 * it leads. Who owns the folders above is not asked. On Windows, where files have no such modes, it is so; where
 * something cannot be looked at, it is not.
 */
export async function isOwnersAlone(file: string): Promise<boolean> {
  const own = userInfo();
  if (own.uid < 0) return true;
  try {
    return await isKeptFromOthers(file, own);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

async function isKeptFromOthers(file: string, own: Owner): Promise<boolean> {
  const ways = [...new Set([resolve(file), await realpath(file)])];
  const folders = new Set(ways.flatMap((way) => foldersAbove(dirname(way))));
  const questions = [
    ...ways.map((way) => isMine(way, own)),
    ...ways.map((way) => isMine(dirname(way), own)),
    ...Array.from(folders, (folder) => isKept(folder, own)),
  ];
  return (await Promise.all(questions)).every(Boolean);
}

type Owner = Pick<ReturnType<typeof userInfo>, "uid" | "gid">;

async function isMine(path: string, own: Owner): Promise<boolean> {
  const { uid, gid, mode } = await stat(path);
  return (uid === own.uid || uid === 0) && !isWritableByOthers(gid, mode, own);
}

/** Whether nobody else can rename what is in a folder. */
async function isKept(folder: string, own: Owner): Promise<boolean> {
  const { gid, mode } = await stat(folder);
  return (mode & STICKY) !== 0 || !isWritableByOthers(gid, mode, own);
}

/** A group with the number of its user is that user's alone, by the custom of systems whose umask lets it write. */
function isWritableByOthers(gid: number, mode: number, own: Owner): boolean {
  const isPrivateGroup = gid === 0 || (gid === own.gid && own.gid === own.uid);
  return (mode & OTHERS_WRITE) !== 0 || ((mode & GROUP_WRITES) !== 0 && !isPrivateGroup);
}

function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
}
