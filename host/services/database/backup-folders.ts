import { randomUUID } from "node:crypto";
import { constants, copyFile, lstat, open, realpath, rename, rm } from "node:fs/promises";
import { platform } from "node:os";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ServiceError } from "../../component/contract/service-error.ts";
import { quote } from "../../core/error-codes.ts";

interface BackupFoldersOptions {
  readonly plugin: string;
  /** What the plugin may write to: absolute paths. */
  readonly folders: readonly string[];
  /** Where copies are made first: a folder that no plugin can reach. */
  readonly temporaryFolder: () => Promise<string>;
  /** Whether a file belongs to a database in use, which no backup may replace. */
  readonly isLive: (file: string) => Promise<boolean>;
}

/** The folders in which a plugin may put backups. */
export class BackupFolders {
  readonly #options: BackupFoldersOptions;

  constructor(options: BackupFoldersOptions) {
    this.#options = options;
  }

  /**
   * Puts the file that `make` makes at `path`, whole or not at all; what was there is replaced. A path that is
   * not absolute begins in the first folder that the plugin may write to.
   *
   * @throws ServiceError `denied` outside the folders, where symbolic links count as what they point to;
   * `not-found` without the folder; `invalid-input` when the path cannot be a file; `unavailable` when the file
   * cannot be written.
   */
  async write(path: string, make: (file: string) => Promise<void>): Promise<void> {
    const target = await this.#resolve(path);
    const made = join(await this.#options.temporaryFolder(), `${randomUUID()}.backup`);
    try {
      await make(made);
      await this.#place(made, target);
    } finally {
      await rm(made, { force: true });
    }
  }

  /** The folder and file that `path` means, without symbolic links. */
  async #resolve(path: string): Promise<string> {
    const { folders, isLive } = this.#options;
    const [first] = folders;
    if (first === undefined) throw this.#denied(path);
    const wanted = isAbsolute(path) ? resolve(path) : resolve(first, path);
    if (path === "" || path.includes("\0") || path.endsWith(sep)) throw invalid(path);
    // Before the file system is asked, so that nothing is told about what lies elsewhere.
    if (!folders.some((folder) => isInside(resolve(folder), wanted))) throw this.#denied(path);
    const target = join(await this.#realFolder(path, dirname(wanted)), basename(wanted));
    if (await isLive(target))
      throw new ServiceError("conflict", `${quote(path)} belongs to a database in use.`);
    const found = await lstat(target).catch(() => undefined);
    if (found?.isDirectory()) throw invalid(path);
    return target;
  }

  async #realFolder(path: string, folder: string): Promise<string> {
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined)
      throw new ServiceError("not-found", `The folder of ${quote(path)} does not exist.`);
    const roots = await Promise.all(
      this.#options.folders.map((root) => realpath(root).catch(() => undefined)),
    );
    const allowed = roots.some((root) => root !== undefined && (root === real || isInside(root, real)));
    if (!allowed) throw this.#denied(path);
    return real;
  }

  /** Copies into the folder under a name of its own, then renames: whoever looks sees the old file or the new one. */
  async #place(made: string, target: string): Promise<void> {
    const folder = dirname(target);
    try {
      await using held = await holdFolder(folder);
      // A folder that has become a link in the meantime leads elsewhere.
      if ((await realpath(held.path)) !== folder) throw new Error("The folder was moved.");
      await copyAndRename(made, held.path, basename(target));
    } catch (cause) {
      throw new ServiceError("unavailable", "The backup cannot be written to its folder.", { cause });
    }
  }

  #denied(path: string): ServiceError {
    const grant = '"permissions": { "filesystem": [{ "path": "…", "access": "write" }] }';
    return new ServiceError(
      "denied",
      `Plugin ${quote(this.#options.plugin)} may not write to ${quote(path)}. Grant it a folder in its settings: ${grant}.`,
    );
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function invalid(path: string): ServiceError {
  return new ServiceError("invalid-input", `${quote(path)} cannot be the name of a file.`);
}

async function copyAndRename(made: string, folder: string, name: string): Promise<void> {
  const partial = join(folder, `.${randomUUID()}.partial`);
  try {
    await copyFile(made, partial, constants.COPYFILE_EXCL);
    await using handle = await open(partial, "r+");
    await handle.sync();
    await rename(partial, join(folder, name));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * A path that goes on meaning the same folder, whatever is put in its place: on Linux by way of a handle,
 * elsewhere the path that it has.
 */
async function holdFolder(folder: string): Promise<{ path: string } & AsyncDisposable> {
  if (platform() !== "linux") return { path: folder, [Symbol.asyncDispose]: async () => {} };
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  return { path: `/proc/self/fd/${handle.fd}`, [Symbol.asyncDispose]: () => handle.close() };
}
