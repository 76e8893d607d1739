import {
  type InputHandler,
  type InputStream,
  io,
  type OutputHandler,
  type OutputStream,
  type Pollable,
  type PollSource,
} from "./wasi-shim.ts";

/** How many resources of WASI one instance may hold at once. A handle costs it nothing, and the host memory. */
const MAX_RESOURCES = 1_000;

/** Of all headers that one instance holds at once. */
const MAX_FIELD_BYTES = 2 ** 20;

/** A timer of Node takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What an instance holds of WASI: counted, and freed with it. */
export class WasiResources implements Disposable {
  readonly #fault: (reason: string) => Error;
  readonly #timers = new Set<NodeJS.Timeout>();
  #held = 0;
  #fieldBytes = 0;

  /** @param fault Ends the instance. What it returns is thrown into the plugin. */
  constructor(fault: (reason: string) => Error) {
    this.#fault = fault;
  }

  /** How many the instance holds. */
  get held(): number {
    return this.#held;
  }

  /** Counts one more resource, and the headers in it. */
  hold(fieldBytes = 0): void {
    this.#held++;
    if (this.#held > MAX_RESOURCES)
      throw this.#fault(`it holds more than ${MAX_RESOURCES} resources at once`);
    this.chargeFields(fieldBytes);
  }

  /** Counts what is added to headers, or, below zero, taken from them. */
  chargeFields(bytes: number): void {
    this.#fieldBytes += bytes;
    if (this.#fieldBytes > MAX_FIELD_BYTES)
      throw this.#fault(`its headers have more than ${MAX_FIELD_BYTES} bytes`);
  }

  /** One of them was given back, or handed over. */
  release(fieldBytes = 0): void {
    this.#held--;
    this.#fieldBytes -= fieldBytes;
  }

  /** Something to wait for; by default something that is there already. */
  pollable(source?: PollSource): Pollable {
    this.hold();
    const pollable = io.pollableCreate(source);
    pollable._onDispose(() => this.release());
    return pollable;
  }

  /** A moment to wait for. */
  timer(durationNs: bigint): Pollable {
    if (durationNs <= 0n) return this.pollable();
    const { promise, resolve } = Promise.withResolvers<void>();
    let over = false;
    const until = performance.now() + Number(durationNs) / 1e6;
    let timer: NodeJS.Timeout;
    const arm = () => {
      const leftMs = until - performance.now();
      timer = setTimeout(leftMs > MAX_TIMER_MS ? again : end, Math.min(Math.ceil(leftMs), MAX_TIMER_MS));
      this.#timers.add(timer);
    };
    const again = () => {
      this.#timers.delete(timer);
      arm();
    };
    const end = () => {
      this.#timers.delete(timer);
      over = true;
      resolve();
    };
    arm();
    const pollable = this.pollable({ ready: () => over, wait: () => promise });
    pollable._onDispose(() => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    });
    return pollable;
  }

  inputStream(handler: InputHandler): InputStream {
    this.hold();
    return io.inputStreamCreate({
      ...handler,
      drop: () => {
        this.release();
        handler.drop();
      },
    });
  }

  outputStream(handler: OutputHandler): OutputStream {
    this.hold();
    const stream = io.outputStreamCreate({
      ...handler,
      drop: () => {
        this.release();
        handler.drop();
      },
    });
    // As the library has them, these do not wait for what waits beneath them.
    return Object.assign(stream, {
      blockingWriteZeroesAndFlush: (length: bigint) => stream.blockingWriteAndFlush(zeroes(length)),
      blockingSplice: async (source: InputStream, length: bigint) => splice(source, stream, length),
    });
  }

  /** Nothing of the instance keeps the host busy any more. */
  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

function zeroes(length: bigint): Uint8Array {
  if (length > 4_096n) throw new RangeError("More than 4096 zeroes at once.");
  return new Uint8Array(Number(length));
}

async function splice(source: InputStream, target: OutputStream, length: bigint): Promise<bigint> {
  let room = target.checkWrite();
  if (room === 0n) {
    using writable = target.subscribe();
    await writable.block();
    room = target.checkWrite();
  }
  const bytes = await source.blockingRead(length < room ? length : room);
  target.write(bytes);
  return BigInt(bytes.length);
}
