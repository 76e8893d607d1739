import { readlink } from "node:fs/promises";
import { systemCode } from "./fs-error.ts";
import type { Held } from "./held.ts";
import type { OpenFiles } from "./open-files.ts";

/** A name in a folder that is open: what a path of the plugin's leads to. */
export class Place implements Disposable {
  readonly folder: Held;
  /** One name, or "." for the folder itself. */
  readonly name: string;

  constructor(folder: Held, name: string) {
    this.folder = folder.hold();
    this.name = name;
  }

  /** For a call of the file system. */
  get path(): string {
    return this.folder.at(this.name);
  }

  [Symbol.dispose](): void {
    this.folder.release();
  }
}

const MAX_LINKS = 32;
const MAX_PATH_LENGTH = 4_096;

/**
 * Follows a path from a folder, name by name, each looked up in the folder that the one before has opened: so
 * whatever is renamed or replaced by a link meanwhile, it never leaves the folder. Links are followed as long as
 * they stay inside.
 *
 * Throws the system's error, or the `error-code` of WASI: `not-permitted` for what leads outside.
 *
 * @param follow Whether the last name may be a link that is followed.
 */
export async function walk(root: Held, path: string, follow: boolean, files: OpenFiles): Promise<Place> {
  const names = namesOf(path);
  const stack = [root.hold()];
  let folder = root;
  let links = 0;
  try {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      if (name === "" || name === ".") continue;
      if (name === "..") {
        if (stack.length === 1) throw "not-permitted";
        stack.pop()?.release();
      } else {
        const isLast = names.length === 0;
        const link = isLast && !follow ? undefined : await linkAt(folder, name);
        if (link !== undefined) {
          links++;
          if (links > MAX_LINKS) throw "loop";
          names.unshift(...namesOf(link));
        } else if (isLast) return new Place(folder, name);
        else stack.push(await files.openFolder(folder.at(name)));
      }
      folder = stack.at(-1) ?? root;
    }
    return new Place(folder, ".");
  } finally {
    for (const held of stack) held.release();
  }
}

/** The names of a path, of which only a relative one stays inside. */
function namesOf(path: string): string[] {
  if (path === "") throw "no-entry";
  if (path.includes("\0")) throw "invalid";
  if (path.length > MAX_PATH_LENGTH) throw "name-too-long";
  if (path.startsWith("/")) throw "not-permitted";
  return path.split("/");
}

/** Where a link leads; undefined for anything else, also for what is not there. */
async function linkAt(folder: Held, name: string): Promise<string | undefined> {
  try {
    return await readlink(folder.at(name));
  } catch (error) {
    const code = systemCode(error);
    if (code === "EINVAL" || code === "ENOENT") return undefined;
    throw error;
  }
}
