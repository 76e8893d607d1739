import { randomFillSync } from "node:crypto";
import { createHttpTypes } from "./wasi-http/http-types.ts";
import { WasiResources } from "./wasi-resources.ts";
import { type ByteSource, InputStream, IoError, OutputStream, poll, Pollable } from "./wasi-io.ts";
import { cli, clocks, filesystem, random } from "./wasi-shim.ts";
import { LineSink } from "./wasi-line-sink.ts";
import { WasiTimer } from "./wasi-timer.ts";
import { wasiError } from "./wasi-error.ts";

/** What a plugin that uses WASI may do to the host: nothing but speak, and end itself. */
export interface WasiHooks {
  /** A line that the plugin wrote to its standard output or error, without the line feed. */
  print(stream: "stdout" | "stderr", line: string): void;
  /** The plugin called `exit`. What this throws ends it. */
  exit(failed: boolean): never;
}

/** The most bytes of randomness that one call gives. */
const MAX_RANDOM_BYTES = 65_536;

const NO_INPUT: ByteSource = {
  ready: () => true,
  wait: () => Promise.resolve(),
  read() {
    throw wasiError("closed");
  },
};

/**
 * WASI 0.2 in an empty form: no environment, no arguments, no input, no files, no network. It is what the
 * standard libraries of languages link in whether they use it or not, so importing it asks for nothing.
 *
 * Keys are interface names without their version, as the bindings look them up.
 */
export function createWasi(hooks: WasiHooks, resources: WasiResources): Record<string, object> {
  const empty = cli.createCli({ environment: {}, arguments: [] });
  const output = (name: "stdout" | "stderr") => {
    const sink = new LineSink((line) => hooks.print(name, line));
    return () => new OutputStream(resources, sink);
  };
  return {
    "wasi:cli/environment": empty.environment,
    "wasi:cli/exit": {
      exit: (status: { tag: "ok" | "err" }) => hooks.exit(status.tag === "err"),
      exitWithCode: (code: number) => hooks.exit(code !== 0),
    },
    "wasi:cli/stdin": { getStdin: () => new InputStream(resources, NO_INPUT) },
    "wasi:cli/stdout": { getStdout: output("stdout") },
    "wasi:cli/stderr": { getStderr: output("stderr") },
    "wasi:cli/terminal-input": empty.terminalInput,
    "wasi:cli/terminal-output": empty.terminalOutput,
    "wasi:cli/terminal-stdin": empty.terminalStdin,
    "wasi:cli/terminal-stdout": empty.terminalStdout,
    "wasi:cli/terminal-stderr": empty.terminalStderr,
    "wasi:clocks/monotonic-clock": monotonicClock(resources),
    "wasi:clocks/wall-clock": clocks.wallClock,
    "wasi:filesystem/preopens": { getDirectories: () => [] },
    "wasi:filesystem/types": filesystem.types,
    "wasi:http/types": createHttpTypes(resources),
    "wasi:io/error": { Error: IoError },
    "wasi:io/poll": { Pollable, poll },
    "wasi:io/streams": { InputStream, OutputStream },
    "wasi:random/insecure": random.insecure,
    "wasi:random/insecure-seed": random.insecureSeed,
    "wasi:random/random": {
      getRandomBytes(length: bigint) {
        if (length > MAX_RANDOM_BYTES)
          throw new RangeError(`${length} random bytes are more than ${MAX_RANDOM_BYTES}.`);
        return randomFillSync(new Uint8Array(Number(length)));
      },
      getRandomU64: () => randomFillSync(new BigUint64Array(1))[0],
    },
  };
}

/** The interfaces that `createWasi` gives. */
export const WASI_INTERFACES: ReadonlySet<string> = new Set(
  Object.keys(
    createWasi(
      {
        print: () => undefined,
        exit: () => {
          throw new Error("There is no plugin that could exit.");
        },
      },
      new WasiResources((reason) => new Error(reason)),
    ),
  ),
);

/** The functions of WASI that wait, as the bindings' generator names them; each for a version of WASI. */
export const WASI_WAITS: readonly string[] = ["wasi:io/poll#poll", "wasi:io/poll#[method]pollable.block"];

/** Those that wait where streams have an end that is not in memory. */
export const WASI_STREAM_WAITS: readonly string[] = [
  "input-stream.blocking-read",
  "input-stream.blocking-skip",
  "output-stream.blocking-write-and-flush",
  "output-stream.blocking-flush",
  "output-stream.blocking-write-zeroes-and-flush",
  "output-stream.blocking-splice",
].map((method) => `wasi:io/streams#[method]${method}`);

function monotonicClock(resources: WasiResources): object {
  const { monotonicClock: clock } = clocks;
  return {
    now: () => clock.now(),
    resolution: () => clock.resolution(),
    subscribeInstant: (instant: bigint) => WasiTimer.pollable(resources, instant - clock.now()),
    subscribeDuration: (duration: bigint) => WasiTimer.pollable(resources, duration),
  };
}
