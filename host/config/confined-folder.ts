import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, isAbsolute, sep } from "node:path";
import { quote } from "../core/error-codes.ts";
import { messageOf } from "../core/error.ts";
import { Refusal } from "./refusal.ts";

const MAX_FILE_BYTES = 2 ** 20;

/** The files that settings may read: those in one folder, wherever symlinks lead. */
export class ConfinedFolder {
  /** The files that were read or looked for, by where symlinks lead. */
  readonly seen = new Set<string>();
  readonly #folder: string;
  #real: Promise<string> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws Refusal if it is outside, or no file that can be read, or larger than 1 MiB. */
  async read(path: string): Promise<string> {
    const { real, isThere } = await this.#locate(path);
    if (!isThere) throw new Refusal(`There is no file ${quote(path)}.`);
    const found = await stat(real);
    if (!found.isFile()) throw new Refusal(`${quote(path)} is no file.`);
    if (found.size > MAX_FILE_BYTES) {
      throw new Refusal(`${quote(path)} has ${found.size} bytes; settings read ${MAX_FILE_BYTES} at most.`);
    }
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(real));
    } catch (error) {
      const reason = error instanceof TypeError ? "it is not UTF-8" : messageOf(error);
      throw new Refusal(`${quote(path)} cannot be read: ${reason}.`, undefined, { cause: error });
    }
  }

  /** @throws Refusal if it would be outside. */
  async exists(path: string): Promise<boolean> {
    return (await this.#locate(path)).isThere;
  }

  async #locate(path: string): Promise<{ real: string; isThere: boolean }> {
    if (path === "" || path.includes("\0")) throw new Refusal(`${quote(path)} is no path.`);
    this.#real ??= realpath(this.#folder);
    const root = await this.#real;
    const wanted = resolve(root, path);
    const { real, isThere } = await followLinks(wanted);
    if (isInside(root, real)) {
      this.seen.add(real);
      return { real, isThere };
    }
    throw new Refusal(`${quote(path)} is outside the folder of the settings, and so is not read.`);
  }
}

/** Where a path leads once every symlink in it is followed; of one that is not there, as far as it is. */
async function followLinks(path: string): Promise<{ real: string; isThere: boolean }> {
  try {
    return { real: await realpath(path), isThere: true };
  } catch {
    const parent = dirname(path);
    if (parent === path) return { real: path, isThere: false };
    return { real: join((await followLinks(parent)).real, basename(path)), isThere: false };
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
