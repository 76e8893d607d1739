import {
  ByteLengthQueuingStrategy,
  ReadableStream,
  type ReadableStreamDefaultController,
} from "node:stream/web";
import type { OutputBody } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import { callEnded } from "./call-ended.ts";
import { MAX_PIECE_BYTES } from "./max-piece-bytes.ts";

/** How many bytes wait to be fetched before the plugin does. */
const WAITING_BYTES = 65_536;

export interface ResponseBodyOptions {
  /** What the plugin said that the body will have, if it did. */
  readonly declaredBytes: number | undefined;
  /** What it may have. */
  readonly maxBytes: number;
  /** Whether there is one at all. */
  readonly wanted: boolean;
  /** What the plugin has written is not what it said. Returns the error with which the body fails. */
  readonly onMismatch: (reason: string) => Error;
  /** Whoever fetched it wants no more of it. */
  readonly onCancel: (reason: unknown) => void;
  readonly onDispose: () => void;
}

/** What a client gets: bytes on their way from the plugin to whoever fetches them, few at a time. */
export class ResponseBody implements OutputBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #options: ResponseBodyOptions;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #state: "open" | "ended" | "cancelled" | "closed" = "open";
  #writtenBytes = 0;
  #failure: Error | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(options: ResponseBodyOptions) {
    this.#options = options;
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#tell(),
        cancel: (reason) => this.#cancelled(reason),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: WAITING_BYTES }),
    );
    if (!options.wanted) this.#end();
  }

  /** Whether something is to come yet. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Why it failed by the plugin's own doing. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#verifyOpen();
    this.#verifyLength(bytes.length);
    while (this.isOpen && (this.#controller?.desiredSize ?? 0) <= 0) await this.#changed.promise;
    this.#verifyOpen();
    this.#writtenBytes += bytes.length;
    if (bytes.length > 0) this.#controller?.enqueue(bytes);
  }

  async finish(): Promise<void> {
    this.#verifyOpen();
    const { declaredBytes = this.#writtenBytes } = this.#options;
    if (this.#writtenBytes === declaredBytes) return this.#end();
    throw this.#mismatch(`a body of ${this.#writtenBytes} bytes, of ${declaredBytes} that it declared`);
  }

  /** The call is over. @param error Why, if the body is not whole. */
  close(error?: unknown): void {
    if (this.#state === "open") this.#controller?.error(error);
    this.#state = "closed";
    this.#tell();
  }

  [Symbol.dispose](): void {
    this.#options.onDispose();
  }

  #end(): void {
    this.#state = "ended";
    this.#controller?.close();
  }

  #cancelled(reason: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "cancelled";
    this.#tell();
    this.#options.onCancel(reason);
  }

  #verifyOpen(): void {
    switch (this.#state) {
      case "open":
        return;
      case "closed":
        throw callEnded();
      case "cancelled":
        throw new ServiceError("unavailable", "Nobody takes the rest of this body.");
      case "ended":
        throw new ServiceError(
          "conflict",
          this.#options.wanted ? "This body is finished." : "This answer has no body.",
        );
    }
  }

  #verifyLength(length: number): void {
    const { declaredBytes = Infinity, maxBytes } = this.#options;
    const all = this.#writtenBytes + length;
    if (length > MAX_PIECE_BYTES) {
      throw new ServiceError("limit-exceeded", `At most ${MAX_PIECE_BYTES} bytes are written at once.`);
    }
    if (all > declaredBytes) {
      throw this.#mismatch(`a body of more than the ${declaredBytes} bytes that it declared`);
    }
    if (all > maxBytes) {
      this.#mismatch(`a body of more than the ${maxBytes} bytes that it may have`);
      throw new ServiceError("limit-exceeded", `The body of an answer may have ${maxBytes} bytes.`);
    }
  }

  /** Breaks the body off: whoever has some of it must not take it for the whole. */
  #mismatch(reason: string): ServiceError {
    this.#failure = this.#options.onMismatch(reason);
    this.#controller?.error(this.#failure);
    this.#state = "ended";
    return new ServiceError("invalid-input", `This is ${reason}.`);
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
