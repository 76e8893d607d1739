import type { InputStream } from "../wasi-shim.ts";
import { io } from "../wasi-shim.ts";
import type { WasiResources } from "../wasi-resources.ts";

/** The bytes of a request's body, of which the next piece is asked for when the plugin wants it and not before. */
export class BodySource {
  readonly #iterator: AsyncIterator<Uint8Array> | undefined;
  #piece: Uint8Array | undefined;
  #filling: Promise<void> | undefined;
  #ended = false;
  #failed = false;

  constructor(bytes: AsyncIterable<Uint8Array> | undefined) {
    this.#iterator = bytes?.[Symbol.asyncIterator]();
    this.#ended = bytes === undefined;
  }

  /** For the plugin. */
  stream(resources: WasiResources): InputStream {
    const stream = resources.inputStream({
      read: (length) => this.#read(length),
      blockingRead: async (length) => {
        await this.#fill();
        return this.#read(length);
      },
      blockingSkip: async (length) => {
        await this.#fill();
        return BigInt(this.#read(length).length);
      },
      subscribe: () => resources.pollable({ ready: () => this.#isReady(), wait: () => this.#fill() }),
      drop: () => undefined,
    });
    return stream;
  }

  /** Nobody asks for more. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    void this.#iterator?.return?.().catch(() => undefined);
  }

  #isReady(): boolean {
    return this.#piece !== undefined || this.#ended;
  }

  /** Throws the `stream-error` of WASI. */
  #read(length: bigint): Uint8Array {
    if (!this.#piece) {
      // oxlint-disable-next-line no-throw-literal -- Thrown as the bindings lower it.
      if (this.#failed) throw { tag: "last-operation-failed", val: io.ioErrorCreate("The client is gone.") };
      // oxlint-disable-next-line no-throw-literal -- The same.
      if (this.#ended) throw { tag: "closed" };
      void this.#fill();
      return new Uint8Array();
    }
    const piece = this.#piece;
    if (length >= piece.length) this.#piece = undefined;
    else this.#piece = piece.subarray(Number(length));
    return length >= piece.length ? piece : piece.subarray(0, Number(length));
  }

  /** Resolves when there is something to read. Does not throw. */
  #fill(): Promise<void> {
    if (this.#isReady()) return Promise.resolve();
    this.#filling ??= this.#next().finally(() => (this.#filling = undefined));
    return this.#filling;
  }

  async #next(): Promise<void> {
    try {
      while (!this.#isReady()) {
        const next = await this.#iterator?.next();
        if (!next || next.done) this.#ended = true;
        else if (next.value.length > 0) this.#piece = next.value;
      }
    } catch {
      this.#failed = true;
      this.#ended = true;
    }
  }
}
