import { MAX_RESOURCES, type WasiResources } from "./wasi-resources.ts";
import { forget, tellOnce } from "./wasi-waiting.ts";

/** Something that is there, or can be waited for. */
export interface PollSource {
  ready(): boolean;
  /** Resolves when it is there. Does not fail. */
  wait(): Promise<void>;
}

/** Where the bytes of an input stream come from: ready when there are some, or when there will be none. */
export interface ByteSource extends PollSource {
  /** Throws the `stream-error` of WASI when nothing more comes. */
  read(maxBytes: number): Uint8Array;
}

/** Where the bytes of an output stream go: ready when it takes some, or when it never will. */
export interface ByteSink extends PollSource {
  /** How many bytes it takes now. Throws the `stream-error` of WASI when it takes no more, ever. */
  room(): number;
  /** @param contents No more than there is room for. */
  write(contents: Uint8Array): void;
  /** When everything has been passed on; undefined if that is so already. */
  flushed(): Promise<void> | undefined;
}

/** What is read at once, however much is asked for. */
const MAX_READ_BYTES = 2 ** 20;

/** So much may be written without asking first. */
const MAX_BLOCKING_WRITE_BYTES = 4_096;

const THERE: PollSource = { ready: () => true, wait: () => Promise.resolve() };

/** @see https://github.com/WebAssembly/wasi-io/blob/v0.2.8/wit/poll.wit `resource pollable` */
export class Pollable implements Disposable {
  readonly #resources: WasiResources;
  readonly #source: PollSource;
  readonly #onDispose: (() => void) | undefined;

  constructor(resources: WasiResources, source: PollSource = THERE, onDispose?: () => void) {
    this.#resources = resources;
    this.#source = source;
    this.#onDispose = onDispose;
    resources.hold();
  }

  get source(): PollSource {
    return this.#source;
  }

  ready(): boolean {
    return this.#source.ready();
  }

  block(): void | Promise<void> {
    if (!this.#source.ready()) return anyOf([this.#source]);
  }

  [Symbol.dispose](): void {
    this.#resources.release();
    this.#onDispose?.();
  }
}

/** Waits until something of a list is there, and says what. */
export function poll(
  resources: WasiResources,
  list: readonly Pollable[],
): Uint32Array | Promise<Uint32Array> {
  if (list.length === 0) throw resources.misused("there is nothing in the list to wait for");
  if (list.length > MAX_RESOURCES) {
    throw resources.misused(`more than ${MAX_RESOURCES} are in the list to wait for`);
  }
  const sources = list.map(({ source }) => source);
  const now = readyOf(sources);
  return now.length > 0 ? now : anyOf(sources).then(() => readyOf(sources));
}

function readyOf(sources: readonly PollSource[]): Uint32Array {
  return Uint32Array.from(sources.flatMap((source, i) => (source.ready() ? i : [])));
}

/** Waits until one of several is there. */
async function anyOf(sources: readonly PollSource[]): Promise<void> {
  while (!sources.some((source) => source.ready())) {
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const source of sources) tellOnce(source, resolve);
    await promise;
    for (const source of sources) forget(source, resolve);
  }
}

/** @see https://github.com/WebAssembly/wasi-io/blob/v0.2.8/wit/error.wit */
export class IoError {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toDebugString(): string {
    return this.#text;
  }
}

/**
 * What waits gives a promise only where there is something to wait for, since not every plugin can be
 * suspended there.
 *
 * @see https://github.com/WebAssembly/wasi-io/blob/v0.2.8/wit/streams.wit `resource input-stream`
 */
export class InputStream implements Disposable {
  readonly #resources: WasiResources;
  readonly #source: ByteSource;
  readonly #onDispose: (() => void) | undefined;

  constructor(resources: WasiResources, source: ByteSource, onDispose?: () => void) {
    this.#resources = resources;
    this.#source = source;
    this.#onDispose = onDispose;
    resources.hold();
  }

  /** For the host: whether a read need not wait. */
  ready(): boolean {
    return this.#source.ready();
  }

  read(length: bigint): Uint8Array {
    return this.#source.read(atMost(length, MAX_READ_BYTES));
  }

  blockingRead(length: bigint): Uint8Array | Promise<Uint8Array> {
    if (this.#source.ready()) return this.read(length);
    return this.#source.wait().then(() => this.read(length));
  }

  skip(length: bigint): bigint {
    return BigInt(this.read(length).length);
  }

  blockingSkip(length: bigint): bigint | Promise<bigint> {
    if (this.#source.ready()) return this.skip(length);
    return this.#source.wait().then(() => this.skip(length));
  }

  subscribe(): Pollable {
    return new Pollable(this.#resources, this.#source);
  }

  [Symbol.dispose](): void {
    this.#resources.release();
    this.#onDispose?.();
  }
}

/** @see https://github.com/WebAssembly/wasi-io/blob/v0.2.8/wit/streams.wit `resource output-stream` */
export class OutputStream implements Disposable {
  readonly #resources: WasiResources;
  readonly #sink: ByteSink;
  readonly #onDispose: (() => void) | undefined;
  #permitted = 0;

  constructor(resources: WasiResources, sink: ByteSink, onDispose?: () => void) {
    this.#resources = resources;
    this.#sink = sink;
    this.#onDispose = onDispose;
    resources.hold();
  }

  checkWrite(): bigint {
    this.#permitted = this.#sink.room();
    return BigInt(this.#permitted);
  }

  write(contents: Uint8Array): void {
    this.#verifyBytes(contents);
    if (contents.length > this.#permitted) throw this.#misused("more is written than check-write permitted");
    this.#permitted -= contents.length;
    this.#sink.room();
    this.#sink.write(contents);
  }

  blockingWriteAndFlush(contents: Uint8Array): void | Promise<void> {
    this.#verifyBytes(contents);
    if (contents.length > MAX_BLOCKING_WRITE_BYTES) {
      throw this.#misused(`more than ${MAX_BLOCKING_WRITE_BYTES} bytes are written without asking`);
    }
    if (this.#sink.room() < contents.length) return this.#writeLater(contents);
    this.#sink.write(contents);
    return this.#sink.flushed();
  }

  writeZeroes(length: bigint): void {
    this.write(new Uint8Array(atMost(length, this.#permitted + 1)));
  }

  blockingWriteZeroesAndFlush(length: bigint): void | Promise<void> {
    return this.blockingWriteAndFlush(new Uint8Array(atMost(length, MAX_BLOCKING_WRITE_BYTES + 1)));
  }

  flush(): void {
    this.#sink.room();
  }

  blockingFlush(): void | Promise<void> {
    this.#sink.room();
    return this.#sink.flushed();
  }

  splice(source: InputStream, length: bigint): bigint {
    const bytes = source.read(BigInt(atMost(length, this.#sink.room())));
    this.#sink.write(bytes);
    return BigInt(bytes.length);
  }

  blockingSplice(source: InputStream, length: bigint): bigint | Promise<bigint> {
    const isThere = this.#sink.ready() && source.ready();
    return isThere ? this.splice(source, length) : this.#spliceLater(source, length);
  }

  subscribe(): Pollable {
    return new Pollable(this.#resources, this.#sink);
  }

  [Symbol.dispose](): void {
    this.#resources.release();
    this.#onDispose?.();
  }

  async #writeLater(contents: Uint8Array): Promise<void> {
    while (this.#sink.room() < contents.length) await this.#sink.wait();
    this.#sink.write(contents);
    await this.#sink.flushed();
  }

  async #spliceLater(source: InputStream, length: bigint): Promise<bigint> {
    await this.#sink.wait();
    const bytes = await source.blockingRead(BigInt(atMost(length, this.#sink.room())));
    this.#sink.write(bytes);
    return BigInt(bytes.length);
  }

  /** A component declares the types of its imports itself; through its bindings they need not be those of WASI. */
  #verifyBytes(contents: unknown): void {
    if (!(contents instanceof Uint8Array)) throw this.#misused("what is written is no list of bytes");
  }

  #misused(reason: string): Error {
    return this.#resources.misused(reason);
  }
}

function atMost(wanted: bigint, most: number): number {
  return wanted > BigInt(most) ? most : Number(wanted);
}
