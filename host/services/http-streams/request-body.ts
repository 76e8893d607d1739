import type { InputBody } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import { callEnded } from "./call-ended.ts";
import { MAX_PIECE_BYTES } from "./max-piece-bytes.ts";

/** What a client sends, of which the next piece is asked for when the plugin wants it and not before. */
export class RequestBody implements InputBody {
  readonly #pieces: AsyncIterator<Uint8Array> | undefined;
  readonly #maxBytes: number;
  readonly #onDispose: () => void;
  #rest: Uint8Array | undefined;
  #readBytes = 0;
  #ended: boolean;
  #closed = false;

  /** @param maxBytes What all of it may have. */
  constructor(body: AsyncIterable<Uint8Array> | undefined, maxBytes: number, onDispose: () => void) {
    this.#pieces = body?.[Symbol.asyncIterator]();
    this.#ended = body === undefined;
    this.#maxBytes = maxBytes;
    this.#onDispose = onDispose;
  }

  async read(maxBytes: number): Promise<Uint8Array | undefined> {
    if (this.#closed) throw callEnded();
    if (maxBytes === 0) throw new ServiceError("invalid-input", "To read no bytes is to read nothing.");
    const piece = this.#rest ?? (await this.#next());
    if (!piece) return undefined;
    const length = Math.min(piece.length, maxBytes, MAX_PIECE_BYTES);
    this.#rest = length < piece.length ? piece.subarray(length) : undefined;
    return piece.subarray(0, length);
  }

  /** The call is over, so nobody asks for more. */
  close(): void {
    this.#closed = true;
    this.#rest = undefined;
    if (this.#ended) return;
    this.#ended = true;
    void this.#pieces?.return?.().catch(() => undefined);
  }

  [Symbol.dispose](): void {
    this.#onDispose();
  }

  async #next(): Promise<Uint8Array | undefined> {
    while (!this.#ended) {
      const { done, value } = await this.#ask();
      if (done === true) this.#ended = true;
      else if (value.length > 0) return this.#counted(value);
    }
    return undefined;
  }

  async #ask(): Promise<IteratorResult<Uint8Array, unknown>> {
    try {
      return (await this.#pieces?.next()) ?? { done: true, value: undefined };
    } catch (cause) {
      this.#ended = true;
      throw new ServiceError("unavailable", "The body of the request broke off.", { cause });
    }
  }

  #counted(piece: Uint8Array): Uint8Array {
    this.#readBytes += piece.length;
    if (this.#readBytes <= this.#maxBytes) return piece;
    throw new ServiceError("limit-exceeded", `The body of a request may have ${this.#maxBytes} bytes.`);
  }
}
