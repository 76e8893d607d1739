import type { Dir, Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { told } from "./fs-error.ts";
import type { Held } from "./held.ts";
import type { OpenFiles } from "./open-files.ts";

/** @see https://github.com/WebAssembly/wasi-filesystem/blob/v0.2.8/wit/types.wit `resource directory-entry-stream` */
export class DirectoryEntryStream implements Disposable {
  readonly #files: OpenFiles;
  readonly #dir: Dir;
  #isClosed = false;

  static async open(files: OpenFiles, folder: Held): Promise<DirectoryEntryStream> {
    files.reserve();
    const dir = await opendir(folder.at(".")).catch((error: unknown) => {
      files.unreserve();
      throw error;
    });
    return new DirectoryEntryStream(files, dir);
  }

  constructor(files: OpenFiles, dir: Dir) {
    this.#files = files;
    this.#dir = dir;
    files.resources.hold();
    files.begin(this);
  }

  readDirectoryEntry(): Promise<{ type: string; name: string } | undefined> {
    return told(async () => {
      const entry = await this.#dir.read();
      return entry === null ? undefined : { type: typeOf(entry), name: entry.name };
    });
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#files.end(this);
    this.#files.resources.release();
    void this.#dir.close().catch(() => undefined);
  }
}

/** The `descriptor-type` of WASI. */
export function typeOf(entry: Pick<Dirent, "isFile" | "isDirectory" | "isSymbolicLink">): string {
  if (entry.isFile()) return "regular-file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symbolic-link" : "unknown";
}
