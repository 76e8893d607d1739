import { wasiError } from "../wasi-error.ts";
import { type ByteSource, IoError } from "../wasi-io.ts";

/** The bytes of a body or a file, of which the next piece is asked for when the plugin wants it and not before. */
export class BodySource implements ByteSource {
  readonly #iterator: AsyncIterator<Uint8Array> | undefined;
  readonly #explain: (error: unknown) => unknown;
  #piece: Uint8Array | undefined;
  #filling: Promise<void> | undefined;
  #ended = false;
  #failure: unknown;

  /** @param explain The `stream-error` of WASI for what `bytes` throws. */
  constructor(
    bytes: AsyncIterable<Uint8Array> | undefined,
    explain: (error: unknown) => unknown = clientGone,
  ) {
    this.#explain = explain;
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
      if (this.#failure !== undefined) throw this.#failure;
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
    } catch (error) {
      this.#failure = this.#explain(error);
      this.#ended = true;
    }
  }
}

function clientGone(): unknown {
  return wasiError("last-operation-failed", new IoError("The client is gone."));
}
