import type { cli as Cli } from "@bytecodealliance/preview2-shim";

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

/**
 * The parts of WASI that a library does for us. Streams, timers and HTTP are ours: those of the library never
 * wait, are not counted, and do not end with the instance.
 */
export const [cli, clocks, random] = (await Promise.all(["cli", "clocks", "random"].map(load))) as [
  BrowserCli,
  { monotonicClock: { now(): bigint; resolution(): bigint }; wallClock: object },
  { insecure: object; insecureSeed: object },
];
