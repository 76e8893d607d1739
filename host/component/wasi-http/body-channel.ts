import { wasiError } from "../wasi-error.ts";
import type { ByteSink } from "../wasi-io.ts";

/** How many bytes wait at most to be fetched. */
const CAPACITY_BYTES = 65_536;

const NOTHING = new Uint8Array();

/**
 * The bytes of the body of a message of the plugin's, on their way from the plugin to whoever fetches them. The plugin may write
 * as long as little is waiting.
 */
export class BodyChannel implements ByteSink, AsyncIterable<Uint8Array> {
  readonly #declaredBytes: number | undefined;
  readonly #message: "request" | "response";
  #pieces: Uint8Array[] = [];
  #waitingBytes = 0;
  #writtenBytes = 0;
  #state: "open" | "ended" | "closed" = "open";
  #failure: unknown;
  #isFetched = false;
  #changed = Promise.withResolvers<void>();

  /** @param declaredBytes What the plugin said that the body will have, if it did. */
  constructor(declaredBytes: number | undefined, message: "request" | "response" = "response") {
    this.#message = message;
    this.#declaredBytes = declaredBytes;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  ready(): boolean {
    return this.#state !== "open" || this.#waitingBytes < CAPACITY_BYTES;
  }

  wait(): Promise<void> {
    return this.#until(() => this.#waitingBytes < CAPACITY_BYTES);
  }

  room(): number {
    this.#verifyOpen();
    return Math.max(0, CAPACITY_BYTES - this.#waitingBytes);
  }

  write(contents: Uint8Array): void {
    if (contents.length === 0) return;
    this.#writtenBytes += contents.length;
    if (this.#declaredBytes !== undefined && this.#writtenBytes > this.#declaredBytes) {
      this.fail(new Error(`a body of more than the ${this.#declaredBytes} bytes that it declared`));
    }
    this.#verifyOpen();
    this.#pieces.push(contents);
    this.#waitingBytes += contents.length;
    this.#tell();
  }

  flushed(): Promise<void> | undefined {
    return this.#waitingBytes === 0 ? undefined : this.#until(() => this.#waitingBytes === 0);
  }

  /** All has been written. Throws the `error-code` of WASI when that is not what was declared. */
  end(): void {
    if (this.#state !== "open") return;
    if (this.#declaredBytes !== undefined && this.#writtenBytes !== this.#declaredBytes) {
      throw wasiError(`HTTP-${this.#message}-body-size`, BigInt(this.#writtenBytes));
    }
    this.#state = "ended";
    this.#tell();
  }

  /** Nobody is going to write anything, whatever was declared: it is an answer to HEAD, or has no body. */
  endEmpty(): void {
    this.#state = "ended";
  }

  /** All that was written, if it is the whole and nobody has begun to fetch it: then nobody can any more. */
  takeWhole(): Uint8Array | undefined {
    if (this.#state !== "ended" || this.#failure !== undefined || this.#isFetched) return undefined;
    const [first = NOTHING, ...others] = this.#pieces;
    const whole = others.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#close();
    return whole;
  }

  /** No more comes: what was fetched is not the whole. */
  fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#failure = error;
    this.#state = "ended";
    this.#tell();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    this.#isFetched = true;
    try {
      for (;;) {
        while (this.#pieces.length === 0 && this.#state === "open") await this.#changed.promise;
        const pieces = this.#pieces;
        this.#pieces = [];
        this.#waitingBytes = 0;
        this.#tell();
        yield* pieces;
        if (this.#pieces.length > 0 || this.#state === "open") continue;
        if (this.#failure !== undefined) throw this.#failure;
        return;
      }
    } finally {
      this.#close();
    }
  }

  #close(): void {
    this.#state = "closed";
    this.#pieces = [];
    this.#waitingBytes = 0;
    this.#tell();
  }

  #verifyOpen(): void {
    if (this.#state !== "open") throw wasiError("closed");
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (this.#state === "open" && !isSo()) await this.#changed.promise;
  }

  #tell(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }
}
