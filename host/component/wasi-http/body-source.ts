import { wasiError } from "../wasi-error.ts";
import { type ByteSource, IoError } from "../wasi-io.ts";

/** The bytes of a request's body, of which the next piece is asked for when the plugin wants it and not before. */
export class BodySource implements ByteSource {
  readonly #iterator: AsyncIterator<Uint8Array> | undefined;
  #piece: Uint8Array | undefined;
  #filling: Promise<void> | undefined;
  #ended = false;
  #failed = false;

  constructor(bytes: AsyncIterable<Uint8Array> | undefined) {
    this.#iterator = bytes?.[Symbol.asyncIterator]();
    this.#ended = bytes === undefined;
  }

  /** Nobody asks for more. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    void this.#iterator?.return?.().catch(() => undefined);
  }

  ready(): boolean {
    return this.#piece !== undefined || this.#ended;
  }

  wait(): Promise<void> {
    if (this.ready()) return Promise.resolve();
    this.#filling ??= this.#next().finally(() => (this.#filling = undefined));
    return this.#filling;
  }

  read(maxBytes: number): Uint8Array {
    const piece = this.#piece;
    if (!piece) {
      if (this.#failed) throw wasiError("last-operation-failed", new IoError("The client is gone."));
      if (this.#ended) throw wasiError("closed");
      void this.wait();
      return new Uint8Array();
    }
    this.#piece = maxBytes < piece.length ? piece.subarray(maxBytes) : undefined;
    return piece.subarray(0, maxBytes);
  }

  async #next(): Promise<void> {
    try {
      while (!this.ready()) {
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
