import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";

/** Where the hosts of this process have their control sockets: not beside those of other tests. */
const RUNTIME_FOLDER = mkdtempSync(join(tmpdir(), "tusk-run-"));
process.on("exit", () => rmSync(RUNTIME_FOLDER, { recursive: true, force: true }));

const ROOT = join(import.meta.dirname, "../..");

/** What a process said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TuskOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  /** What is run, from the folder of the repository: the command itself by default. */
  readonly script?: string;
}

/** Runs the command to its end. */
export async function tusk(args: readonly string[], options: TuskOptions = {}): Promise<Ended> {
  return ended(start(args, options));
}

/** A process that goes on until it is ended, or the test is over. */
export interface RunningTusk extends AsyncDisposable {
  /** The next line that it prints and that `fits`, skipping others. */
  line(fits: (line: string) => boolean): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

export function startTusk(args: readonly string[], options: TuskOptions = {}): RunningTusk {
  const child = start(args, options);
  const lines = createInterface({ input: child.stdout ?? fail() })[Symbol.asyncIterator]();
  const end = ended(child);
  return {
    async line(fits) {
      for (;;) {
        const line = await lines.next();
        if (line.done) throw new Error(`tusk ended before that: ${(await end).stderr}`);
        if (fits(line.value)) return line.value;
      }
    },
    signal: (signal) => void child.kill(signal),
    ended: end,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await end;
    },
  };
}

/** What `tusk run --json` prints on a line. */
export interface TuskEvent {
  readonly time: string;
  readonly event: string;
  readonly [key: string]: unknown;
}

/** A `tusk run --json` that listens. */
export interface ServingTusk extends RunningTusk {
  readonly url: string;
  readonly started: TuskEvent;
  /** The next event of this kind, skipping others. */
  next(event: string): Promise<TuskEvent>;
}

/** Starts `tusk run --json`, or another command that serves, on a free port, and waits until it listens. */
export async function serveTusk(
  args: readonly string[],
  options: TuskOptions = {},
  command = "run",
  address: readonly string[] = ["--port", "0"],
): Promise<ServingTusk> {
  const running = startTusk([command, "--json", ...address, ...args], options);
  const next = async (event: string) =>
    JSON.parse(await running.line((line) => (JSON.parse(line) as TuskEvent).event === event)) as TuskEvent;
  const started = await next("started");
  return { ...running, url: started["url"] as string, started, next };
}

function start(args: readonly string[], options: TuskOptions): ChildProcess {
  const { cwd, env, nodeOptions = [], script = "host/cli/main.ts" } = options;
  const child = spawn(process.execPath, [...nodeOptions, join(ROOT, script), ...args], {
    cwd,
    env: {
      ...process.env,
      XDG_RUNTIME_DIR: RUNTIME_FOLDER,
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  after(() => child.kill("SIGKILL"));
  return child;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

function fail(): never {
  throw new Error("The process has no output.");
}
