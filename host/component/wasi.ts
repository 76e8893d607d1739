import { randomFillSync } from "node:crypto";
import type { FolderGrant } from "../config/settings.ts";
import type { Services } from "./contract/services.ts";
import { createHttpTypes } from "./wasi-http/http-types.ts";
import { createOutgoingHandler } from "./wasi-http/outgoing-handler.ts";
import { createConfigStore } from "./wasi-config.ts";
import { createKeyValueStore } from "./wasi-keyvalue.ts";
import { createLogging } from "./wasi-logging.ts";
import type { WasiResources } from "./wasi-resources.ts";
import { type ByteSource, InputStream, IoError, OutputStream, poll, Pollable } from "./wasi-io.ts";
import { createFilesystem } from "./wasi-filesystem/filesystem.ts";
import { cli, clocks, random } from "./wasi-shim.ts";
import { LineSink } from "./wasi-line-sink.ts";
import { WasiTimer } from "./wasi-timer.ts";
import { wasiError } from "./wasi-error.ts";

/** What stands behind WASI: the services of the instance, and what it may do to the host beside. */
interface WasiHost {
  /** Those that were not granted are missing. */
  readonly services: Services;
  /** Those that it may read, and perhaps write to: absolute paths. */
  readonly folders: readonly FolderGrant[];
  /** The host has failed: ends the instance. What it returns is thrown into the plugin. */
  readonly fault: (error: unknown) => Error;
  /** A line that the plugin wrote to its standard output or error, without the line feed. */
  print(stream: "stdout" | "stderr", line: string): void;
  /** The plugin called `exit`. What this throws ends it. */
  exit(failed: boolean): never;
}

/** What every plugin with a standard library of WASI's may do. */
export type WasiHooks = Pick<WasiHost, "print" | "exit">;

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
 * WASI 0.2, on the services of the plugin: no environment, no arguments, no input, no sockets; files where folders
 * were granted, requests and a cache where these were. Most of it is what the standard libraries of languages link
 * in whether they use it or not, so importing that asks for nothing: see `WASI_SERVICES` for what does.
 *
 * Keys are interface names without their version, as the bindings look them up.
 */
export function createWasi(host: WasiHost, resources: WasiResources): Record<string, object> {
  const { services, fault } = host;
  const empty = cli.createCli({ environment: {}, arguments: [] });
  const output = (name: "stdout" | "stderr") => {
    const sink = new LineSink((line) => host.print(name, line));
    resources.began(sink);
    return () => new OutputStream(resources, sink);
  };
  return {
    ...createFilesystem(resources, host.folders),
    "wasi:cli/environment": empty.environment,
    "wasi:cli/exit": {
      exit: (status: { tag: "ok" | "err" }) => host.exit(status.tag === "err"),
      exitWithCode: (code: number) => host.exit(code !== 0),
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
    "wasi:config/store": createConfigStore(services.config),
    "wasi:http/outgoing-handler": createOutgoingHandler(resources, {
      client: services["http-client"],
      logger: services.logger,
      fault,
    }),
    "wasi:http/types": createHttpTypes(resources),
    "wasi:io/error": { Error: IoError },
    "wasi:io/poll": { Pollable, poll: (list: readonly Pollable[]) => poll(resources, list) },
    "wasi:io/streams": { InputStream, OutputStream },
    "wasi:keyvalue/store": createKeyValueStore(resources, services.cache, fault),
    "wasi:logging/logging": createLogging(services.logger),
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

function monotonicClock(resources: WasiResources): object {
  const { monotonicClock: clock } = clocks;
  return {
    now: () => clock.now(),
    resolution: () => clock.resolution(),
    subscribeInstant: (instant: bigint) => WasiTimer.pollable(resources, instant - clock.now()),
    subscribeDuration: (duration: bigint) => WasiTimer.pollable(resources, duration),
  };
}
