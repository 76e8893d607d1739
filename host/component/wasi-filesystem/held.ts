import type { FileHandle } from "node:fs/promises";
import { platform } from "node:os";

/** On Linux a handle has a path, below which names are looked up in the folder itself, wherever it is by now. */
const HAS_HANDLE_PATHS = platform() === "linux";

/**
 * A file or folder that is open, for as long as somebody holds it: a descriptor, the streams of it. It is closed
 * with the last of them, or with the instance.
 */
export class Held implements Disposable {
  readonly handle: FileHandle;
  /** Where it was found. */
  readonly #path: string;
  readonly #closed: (held: Held) => void;
  #holders = 1;
  #isClosed = false;

  constructor(handle: FileHandle, path: string, closed: (held: Held) => void) {
    this.handle = handle;
    this.#path = path;
    this.#closed = closed;
  }

  /** The path of a name in this folder. */
  at(name: string): string {
    return `${HAS_HANDLE_PATHS ? `/proc/self/fd/${this.handle.fd}` : this.#path}/${name}`;
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    this.#holders--;
    if (this.#holders === 0) this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closed(this);
    // Waits for what is under way.
    void this.handle.close().catch(() => undefined);
  }
}
