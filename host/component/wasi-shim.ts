import { type cli as Cli, type filesystem as Filesystem } from "@bytecodealliance/preview2-shim";

// In Node the package's own entry starts a worker and opens real files and sockets. Its implementation for
// browsers keeps everything in memory; Node's resolution hides it, so it is found beside the other.
const shim = new URL("../browser/", import.meta.resolve("@bytecodealliance/preview2-shim"));
const load = (name: string): Promise<unknown> => import(new URL(`${name}.js`, shim).href);

interface BrowserCli {
  createCli(config: {
    environment: Record<string, string>;
    arguments: readonly string[];
  }): Omit<typeof Cli, "exit"> & Record<string, object>;
}

/** What a pollable waits for. */
export interface PollSource {
  ready(): boolean;
  wait(): Promise<void>;
}

export interface Pollable extends Disposable {
  ready(): boolean;
  block(): Promise<void>;
  _onDispose(callback: () => void): void;
}

/** Where the bytes of an input stream come from. Failures are thrown as the `stream-error` of WASI. */
export interface InputHandler {
  read?(length: bigint): Uint8Array;
  blockingRead(length: bigint): Uint8Array | Promise<Uint8Array>;
  blockingSkip?(length: bigint): bigint | Promise<bigint>;
  subscribe(): Pollable;
  drop(): void;
}

/** Where the bytes of an output stream go. Failures are thrown as the `stream-error` of WASI. */
export interface OutputHandler {
  /** How many bytes may be written now. */
  checkWrite?(): bigint;
  write(contents: Uint8Array): void;
  flush?(): void;
  blockingFlush(): void | Promise<void>;
  blockingWriteAndFlush?(contents: Uint8Array): Promise<void>;
  subscribe(): Pollable;
  drop(): void;
}

export interface InputStream extends Disposable {
  read(length: bigint): Uint8Array;
  blockingRead(length: bigint): Uint8Array | Promise<Uint8Array>;
}

export interface OutputStream extends Disposable {
  checkWrite(): bigint;
  write(contents: Uint8Array): void;
  blockingWriteAndFlush(contents: Uint8Array): void | Promise<void>;
  subscribe(): Pollable;
}

/** The parts of WASI that a well-kept library does for us. */
export const [cli, clocks, filesystem, io, random] = (await Promise.all(
  ["cli", "clocks", "filesystem", "io", "random"].map(load),
)) as [
  BrowserCli,
  { monotonicClock: { now(): bigint; resolution(): bigint }; wallClock: object },
  typeof Filesystem,
  {
    error: object;
    poll: { Pollable: object };
    streams: object;
    ioErrorCreate(message: string): object;
    inputStreamCreate(handler: InputHandler): InputStream;
    outputStreamCreate(handler: OutputHandler): OutputStream;
    pollableCreate(source?: PollSource): Pollable;
  },
  { insecure: object; insecureSeed: object },
];
