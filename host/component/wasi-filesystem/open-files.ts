import { constants, open } from "node:fs/promises";
import type { WasiResources } from "../wasi-resources.ts";
import { Held } from "./held.ts";

/** The most that one instance has open at once: there are few for the whole process. */
const MAX_OPEN = 64;

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;

/** What one instance has open: counted, and closed with it. */
export class OpenFiles {
  readonly resources: WasiResources;
  #count = 0;

  constructor(resources: WasiResources) {
    this.resources = resources;
  }

  /** Nothing that a name leads to by a link is opened, and nothing is waited for. */
  open(path: string, flags: number): Promise<Held> {
    return this.#open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  }

  openFolder(path: string): Promise<Held> {
    return this.open(path, FOLDER);
  }

  /** A folder that was granted, which may be a link. */
  openGranted(path: string): Promise<Held> {
    return this.#open(path, FOLDER);
  }

  /** What was reserved is open. */
  begin(opened: Disposable): void {
    this.resources.began(opened);
  }

  /** It is closed. */
  end(opened: Disposable): void {
    this.#count--;
    this.resources.ended(opened);
  }

  /** Counts one that is about to be opened. Throws the `error-code` of WASI if there are too many. */
  reserve(): void {
    if (this.#count >= MAX_OPEN) throw "insufficient-memory";
    this.#count++;
  }

  /** It was not opened after all. */
  unreserve(): void {
    this.#count--;
  }

  async #open(path: string, flags: number): Promise<Held> {
    this.reserve();
    const handle = await open(path, flags, 0o666).catch((error: unknown) => {
      this.unreserve();
      throw error;
    });
    const held = new Held(handle, path, (closed) => this.end(closed));
    this.begin(held);
    return held;
  }
}
