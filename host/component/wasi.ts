import { randomFillSync } from "node:crypto";
import { type CreatePollable, WasiTimers } from "./wasi-timers.ts";
import { type cli as Cli, type filesystem as Filesystem } from "@bytecodealliance/preview2-shim";

// In Node the package's own entry starts a worker and opens real files and sockets. Its implementation for
// browsers keeps everything in memory; Node's resolution hides it, so it is found beside the other.
const shim = new URL("../browser/", import.meta.resolve("@bytecodealliance/preview2-shim"));
const load = (name: string): Promise<unknown> => import(new URL(`${name}.js`, shim).href);

interface BrowserCli {
  createCli(config: {
    environment: Record<string, string>;
    arguments: readonly string[];
    stdout: OutputHandler;
    stderr: OutputHandler;
  }): Omit<typeof Cli, "exit"> & Record<string, object>;
}

interface OutputHandler {
  write(contents: Uint8Array): void;
  blockingFlush(): void;
}

const [cli, clocks, filesystem, io, random] = (await Promise.all(
  ["cli", "clocks", "filesystem", "io", "random"].map(load),
)) as [
  BrowserCli,
  { wallClock: object },
  typeof Filesystem,
  { error: object; poll: object; streams: object; pollableCreate: CreatePollable },
  { insecure: object; insecureSeed: object },
];

/** What a plugin that uses WASI may do to the host: nothing but speak, and end itself. */
export interface WasiHooks {
  /** A line that the plugin wrote to its standard output or error, without the line feed. */
  print(stream: "stdout" | "stderr", line: string): void;
  /** The plugin called `exit`. What this throws ends it. */
  exit(failed: boolean): never;
  /** The plugin asks for more than there is. What this throws ends it. */
  misused(functionName: string, reason: string): never;
}

/** WASI for one instance. */
export interface Wasi extends Disposable {
  /** By interface name without its version, as the bindings look them up. */
  readonly imports: Record<string, object>;
}

/** The most bytes of randomness that one call gives. */
const MAX_RANDOM_BYTES = 65_536;

/** A longer line is broken. */
const MAX_LINE_CHARACTERS = 8_192;

/**
 * WASI 0.2 in an empty form: no environment, no arguments, no input, no files, no network. It is what the
 * standard libraries of languages link in whether they use it or not, so importing it asks for nothing.
 */
export function createWasi(hooks: WasiHooks): Wasi {
  const stdio = cli.createCli({
    environment: {},
    arguments: [],
    stdout: lines((line) => hooks.print("stdout", line)),
    stderr: lines((line) => hooks.print("stderr", line)),
  });
  const timers = new WasiTimers(io.pollableCreate, (reason) => hooks.misused("wasi:clocks", reason));
  const imports = {
    "wasi:cli/environment": stdio.environment,
    "wasi:cli/exit": {
      exit: (status: { tag: "ok" | "err" }) => hooks.exit(status.tag === "err"),
      exitWithCode: (code: number) => hooks.exit(code !== 0),
    },
    "wasi:cli/stdin": stdio.stdin,
    "wasi:cli/stdout": stdio.stdout,
    "wasi:cli/stderr": stdio.stderr,
    "wasi:cli/terminal-input": stdio.terminalInput,
    "wasi:cli/terminal-output": stdio.terminalOutput,
    "wasi:cli/terminal-stdin": stdio.terminalStdin,
    "wasi:cli/terminal-stdout": stdio.terminalStdout,
    "wasi:cli/terminal-stderr": stdio.terminalStderr,
    "wasi:clocks/monotonic-clock": timers.clock,
    "wasi:clocks/wall-clock": clocks.wallClock,
    "wasi:filesystem/preopens": { getDirectories: () => [] },
    "wasi:filesystem/types": filesystem.types,
    "wasi:io/error": io.error,
    "wasi:io/poll": io.poll,
    "wasi:io/streams": io.streams,
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
  return { imports, [Symbol.dispose]: () => timers[Symbol.dispose]() };
}

/** The interfaces that `createWasi` gives. */
export const WASI_INTERFACES: ReadonlySet<string> = new Set(
  Object.keys(
    createWasi({
      print: () => undefined,
      exit: () => {
        throw new Error("There is no plugin that could exit.");
      },
      misused: () => {
        throw new Error("There is no plugin that could ask.");
      },
    }).imports,
  ),
);

/** The functions of WASI that wait, as the bindings' generator names them; each for a version of WASI. */
export const WASI_WAITS: readonly string[] = ["wasi:io/poll#poll", "wasi:io/poll#[method]pollable.block"];

function lines(writeLine: (line: string) => void): OutputHandler {
  const decoder = new TextDecoder();
  let pending = "";
  return {
    write(contents) {
      pending += decoder.decode(contents, { stream: true });
      const complete = pending.split("\n");
      pending = complete.pop() ?? "";
      for (const line of complete) writeLine(breakLong(line.replace(/\r$/, ""), writeLine));
      pending = breakLong(pending, writeLine);
    },
    blockingFlush() {
      if (pending !== "") writeLine(pending);
      pending = "";
    },
  };
}

/** Writes what a line has over its length as lines of their own. Returns the rest. */
function breakLong(line: string, writeLine: (line: string) => void): string {
  let rest = line;
  for (; rest.length > MAX_LINE_CHARACTERS; rest = rest.slice(MAX_LINE_CHARACTERS)) {
    writeLine(rest.slice(0, MAX_LINE_CHARACTERS));
  }
  return rest;
}
