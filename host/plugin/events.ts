import type { HostError } from "../core/error.ts";
import type { ShapeChange } from "./shape-change.ts";

/** Why a plugin is swapped: its file or its settings have changed, or somebody asked for it. */
export type SwapCause = "change" | "reload" | "rollback";

/** Something that happened to a plugin. */
export type HostEvent =
  | { readonly type: "loading"; readonly plugin: string }
  | {
      readonly type: "serving";
      readonly plugin: string;
      readonly generation: number;
      readonly durationMs: number;
    }
  | {
      readonly type: "swapped";
      readonly plugin: string;
      readonly cause: SwapCause;
      readonly generation: number;
      readonly durationMs: number;
      readonly changes: readonly ShapeChange[];
    }
  /** A new build was not taken. What served goes on. */
  | { readonly type: "refused"; readonly plugin: string; readonly error: HostError }
  /** A build was taken although it is not trusted, since its trust is "warn". Told once, until the reason is another. */
  | { readonly type: "warned"; readonly plugin: string; readonly error: HostError }
  /** The plugin says since its last check that it is not healthy. It goes on serving. */
  | { readonly type: "unhealthy"; readonly plugin: string; readonly error: HostError }
  /** It says that it is again. What is swapped in is healthy without being told. */
  | { readonly type: "healthy"; readonly plugin: string }
  /** It does not serve: it did not start, or what served was revoked. */
  | { readonly type: "failed"; readonly plugin: string; readonly error: HostError }
  | { readonly type: "stopped"; readonly plugin: string; readonly error?: HostError | undefined };

/** A reader that falls further behind than this loses the oldest events. */
const MAX_BACKLOG = 1_000;

/** Hands events to everyone who reads them. */
export class EventBus<E = HostEvent> {
  readonly #readers = new Set<Reader<E>>();
  #closed = false;

  emit(event: E): void {
    for (const reader of this.#readers) reader.push(event);
  }

  /** Every event from now on, until the reader stops or the bus closes. */
  read(): AsyncIterableIterator<E> & AsyncDisposable {
    const reader: Reader<E> = new Reader<E>(() => this.#readers.delete(reader));
    if (this.#closed) reader.end();
    else this.#readers.add(reader);
    return reader;
  }

  close(): void {
    this.#closed = true;
    for (const reader of this.#readers) reader.end();
  }
}

class Reader<E> implements AsyncIterableIterator<E>, AsyncDisposable {
  readonly #onEnd: () => void;
  readonly #backlog: E[] = [];
  readonly #waiting: ((result: IteratorResult<E>) => void)[] = [];
  #ended = false;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  push(event: E): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting({ done: false, value: event });
    else if (this.#backlog.push(event) > MAX_BACKLOG) this.#backlog.shift();
  }

  end(): void {
    this.#ended = true;
    this.#onEnd();
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<E>> {
    const event = this.#backlog.shift();
    if (event) return Promise.resolve({ done: false, value: event });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    const { promise, resolve } = Promise.withResolvers<IteratorResult<E>>();
    this.#waiting.push(resolve);
    return promise;
  }

  return(): Promise<IteratorResult<E>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
