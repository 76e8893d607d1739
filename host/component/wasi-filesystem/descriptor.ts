import { constants, link, lstat, lutimes, mkdir, readlink, rename, rmdir, unlink } from "node:fs/promises";
import type { InputStream, OutputStream } from "../wasi-io.ts";
import { DirectoryEntryStream, typeOf } from "./directory-entries.ts";
import { metadataHash, type NewTimestamp, newTime, statusOf } from "./file-status.ts";
import { readStream, writeStream } from "./file-streams.ts";
import { told } from "./fs-error.ts";
import type { Held } from "./held.ts";
import type { OpenFiles } from "./open-files.ts";
import { type Place, walk } from "./walk.ts";

interface PathFlags {
  readonly symlinkFollow?: boolean;
}

type OpenFlags = Partial<Record<"create" | "directory" | "exclusive" | "truncate", boolean>>;
type Flags = Partial<Record<"read" | "write" | "mutateDirectory", boolean>>;

/** What a descriptor is, and what may be done by it. */
interface Kind {
  readonly type: "directory" | "regular-file";
  readonly read: boolean;
  /** Of a folder: whether anything below it may be changed. */
  readonly write: boolean;
}

/** Of a read or write that is no stream's. */
const MAX_BYTES = 65_536;

const STATS = { bigint: true } as const;

/**
 * A file or folder of a plugin's, inside a folder that was granted.
 *
 * @see https://github.com/WebAssembly/wasi-filesystem/blob/v0.2.8/wit/types.wit `resource descriptor`
 */
export class Descriptor implements Disposable {
  readonly #files: OpenFiles;
  readonly #held: Promise<Held>;
  readonly #kind: Kind;

  /** @param held Is released with the descriptor. */
  constructor(files: OpenFiles, held: Promise<Held>, kind: Kind) {
    this.#files = files;
    this.#held = held;
    this.#kind = kind;
    files.resources.hold();
    held.catch(() => undefined);
  }

  readViaStream(offset: bigint): InputStream {
    if (!this.#kind.read) throw "bad-descriptor";
    return readStream(this.#files, this.#held, this.#offset(offset));
  }

  writeViaStream(offset: bigint): OutputStream {
    if (!this.#kind.write) throw "bad-descriptor";
    return writeStream(this.#files, this.#held, this.#offset(offset));
  }

  appendViaStream(): OutputStream {
    if (!this.#kind.write) throw "bad-descriptor";
    this.#offset(0n);
    return writeStream(this.#files, this.#held, undefined);
  }

  advise(): void {
    // Advice need not be taken.
  }

  getFlags(): Flags {
    const { type, read, write } = this.#kind;
    return type === "directory" ? { read, mutateDirectory: write } : { read, write };
  }

  getType(): string {
    return this.#kind.type;
  }

  sync(): Promise<void> {
    return this.#do(({ handle }) => handle.sync());
  }

  syncData(): Promise<void> {
    return this.#do(({ handle }) => handle.datasync());
  }

  setSize(size: bigint): Promise<void> {
    return this.#change(({ handle }) => handle.truncate(this.#offset(size)));
  }

  setTimes(accessed: NewTimestamp, modified: NewTimestamp): Promise<void> {
    return this.#change(async ({ handle }) => {
      const { atimeNs, mtimeNs } = await handle.stat(STATS);
      await handle.utimes(newTime(accessed, atimeNs), newTime(modified, mtimeNs));
    });
  }

  read(length: bigint, offset: bigint): Promise<[Uint8Array, boolean]> {
    return this.#do(async ({ handle }) => {
      if (!this.#kind.read) throw "bad-descriptor";
      const most = length > BigInt(MAX_BYTES) ? MAX_BYTES : Number(length);
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(most), 0, most, this.#offset(offset));
      return [buffer.subarray(0, bytesRead), bytesRead < most || most === 0];
    });
  }

  write(contents: Uint8Array, offset: bigint): Promise<bigint> {
    return this.#change(async ({ handle }) => {
      const most = Math.min(contents.length, MAX_BYTES);
      const { bytesWritten } = await handle.write(contents, 0, most, this.#offset(offset));
      return BigInt(bytesWritten);
    });
  }

  readDirectory(): Promise<DirectoryEntryStream> {
    return this.#do((held) => {
      if (this.#kind.type !== "directory") throw "not-directory";
      return DirectoryEntryStream.open(this.#files, held);
    });
  }

  stat(): Promise<object> {
    return this.#do(async ({ handle }) => statusOf(await handle.stat(STATS)));
  }

  metadataHash(): Promise<object> {
    return this.#do(async ({ handle }) => metadataHash(await handle.stat(STATS)));
  }

  isSameObject(other: Descriptor): Promise<boolean> {
    return this.#do(async ({ handle }) => {
      const [one, two] = [await handle.stat(STATS), await (await other.#held).handle.stat(STATS)];
      return one.dev === two.dev && one.ino === two.ino;
    });
  }

  statAt({ symlinkFollow }: PathFlags, path: string): Promise<object> {
    return this.#at(path, symlinkFollow, async (place) => statusOf(await lstat(place.path, STATS)));
  }

  metadataHashAt({ symlinkFollow }: PathFlags, path: string): Promise<object> {
    return this.#at(path, symlinkFollow, async (place) => metadataHash(await lstat(place.path, STATS)));
  }

  setTimesAt(
    { symlinkFollow }: PathFlags,
    path: string,
    accessed: NewTimestamp,
    modified: NewTimestamp,
  ): Promise<void> {
    return this.#changeAt(path, symlinkFollow, async (place) => {
      const { atimeNs, mtimeNs } = await lstat(place.path, STATS);
      await lutimes(place.path, newTime(accessed, atimeNs), newTime(modified, mtimeNs));
    });
  }

  openAt({ symlinkFollow }: PathFlags, path: string, how: OpenFlags, flags: Flags): Promise<Descriptor> {
    const changes = flags.write === true || how.create === true || how.truncate === true;
    const follow = symlinkFollow === true && how.exclusive !== true;
    const walked = changes ? this.#changeAt.bind(this) : this.#at.bind(this);
    return walked(path, follow, async (place) => {
      const held = await this.#files.open(place.path, systemFlags(how, flags));
      try {
        const type = typeOf(await held.handle.stat());
        if (type === "directory") return this.#opened(held, { ...this.#kind, type });
        // What is neither may be anything: a device, a pipe.
        if (type !== "regular-file") throw "not-permitted";
        return this.#opened(held, { type, read: flags.read ?? false, write: flags.write ?? false });
      } catch (error) {
        held.release();
        throw error;
      }
    });
  }

  createDirectoryAt(path: string): Promise<void> {
    return this.#changeAt(path.replace(/\/+$/, ""), false, (place) => mkdir(place.path));
  }

  removeDirectoryAt(path: string): Promise<void> {
    return this.#changeAt(path.replace(/\/+$/, ""), false, (place) => rmdir(place.path));
  }

  unlinkFileAt(path: string): Promise<void> {
    return this.#changeAt(path, false, (place) => unlink(place.path));
  }

  /** Both have to be writable: what is linked into another folder could be written to there. */
  linkAt({ symlinkFollow }: PathFlags, path: string, other: Descriptor, newPath: string): Promise<void> {
    return this.#changeAt(path, symlinkFollow, (from) =>
      other.#changeAt(newPath, false, (to) => link(from.path, to.path)),
    );
  }

  renameAt(path: string, other: Descriptor, newPath: string): Promise<void> {
    return this.#changeAt(path, false, (from) =>
      other.#changeAt(newPath, false, (to) => rename(from.path, to.path)),
    );
  }

  readlinkAt(path: string): Promise<string> {
    return this.#at(path, false, async (place) => {
      const target = await readlink(place.path);
      // It would tell where things are on this machine.
      if (target.startsWith("/")) throw "not-permitted";
      return target;
    });
  }

  /** What else looks at the folder could be led out of it. */
  async symlinkAt(): Promise<never> {
    throw "not-permitted";
  }

  [Symbol.dispose](): void {
    this.#files.resources.release();
    void this.#held.then((held) => held.release()).catch(() => undefined);
  }

  #opened(held: Held, kind: Kind): Descriptor {
    return new Descriptor(this.#files, Promise.resolve(held), kind);
  }

  /** A place in a file that Node can name. Throws where there is no file. */
  #offset(offset: bigint): number {
    if (this.#kind.type === "directory") throw "is-directory";
    if (offset > BigInt(Number.MAX_SAFE_INTEGER)) throw "invalid";
    return Number(offset);
  }

  #do<T>(work: (held: Held) => Promise<T>): Promise<T> {
    return told(async () => work(await this.#held));
  }

  #change<T>(work: (held: Held) => Promise<T>): Promise<T> {
    return this.#do((held) => {
      if (!this.#kind.write) throw "read-only";
      return work(held);
    });
  }

  #at<T>(path: string, follow: boolean | undefined, work: (place: Place) => Promise<T>): Promise<T> {
    return this.#do(async (held) => {
      if (this.#kind.type !== "directory") throw "not-directory";
      using place = await walk(held, path, follow ?? false, this.#files);
      return await work(place);
    });
  }

  #changeAt<T>(path: string, follow: boolean | undefined, work: (place: Place) => Promise<T>): Promise<T> {
    return this.#at(path, follow, (place) => {
      if (!this.#kind.write) throw "read-only";
      return work(place);
    });
  }
}

function systemFlags({ create, directory, exclusive, truncate }: OpenFlags, { read, write }: Flags): number {
  const access =
    write === true ? (read === true ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  return (
    access |
    (create === true ? constants.O_CREAT : 0) |
    (directory === true ? constants.O_DIRECTORY : 0) |
    (exclusive === true ? constants.O_EXCL : 0) |
    (truncate === true ? constants.O_TRUNC : 0)
  );
}
