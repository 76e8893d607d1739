import { randomFillSync } from "node:crypto";
import type { JsonValue } from "../../marshal/json.ts";
import type { LogLevel } from "../contract/services.ts";
import type { ModuleHooks } from "./module-hooks.ts";

/** Longer texts are cut, in UTF-16 units. */
const MAX_TEXT = 8_192;

const LEVELS = {
  log: "info",
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
} as const satisfies Record<string, LogLevel>;

type Environment = Readonly<Record<string, (...args: number[]) => number | void>>;

/**
 * What the standard library of AssemblyScript takes from outside, where the compiler was not told to take the SDK's
 * answer: logging, the time, a seed for random numbers, and the end.
 *
 * @param textAt Reads a string of AssemblyScript at an address in the plugin's memory.
 * @param trap Makes what ends a plugin as a trap does.
 */
export function createEnvironment(
  hooks: ModuleHooks,
  textAt: (address: number) => string,
  trap: () => Error,
): Environment {
  const text = (address = 0) => textAt(address).slice(0, MAX_TEXT);
  const say = (level: LogLevel, message: string, fields?: JsonValue) => hooks.log(level, message, fields);
  const console = Object.entries(LEVELS).map(
    ([name, level]) => [`console.${name}`, (message: number) => say(level, text(message))] as const,
  );
  return {
    ...Object.fromEntries(console),
    "console.assert": (condition, message) => {
      if (condition === 0) say("error", text(message));
    },
    abort: (message, file, line = 0, column = 0) => {
      say("error", message === 0 ? "aborted" : text(message), { file: text(file), line, column });
      throw trap();
    },
    trace: (message, count = 0, ...numbers) =>
      say("trace", text(message), count > 0 ? { values: numbers.slice(0, Math.min(count, 5)) } : undefined),
    seed: () => randomFillSync(new Float64Array(1))[0] ?? 0,
    "Date.now": () => hooks.now(),
    "performance.now": () => performance.now(),
  };
}

/** The functions that `createEnvironment` gives. */
export const ENVIRONMENT_FUNCTIONS: ReadonlySet<string> = new Set([
  ...Object.keys(LEVELS).map((name) => `console.${name}`),
  "console.assert",
  "abort",
  "trace",
  "seed",
  "Date.now",
  "performance.now",
]);
