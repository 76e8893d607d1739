import { messageOf } from "../../../host/core/error.ts";

const NUMBERS = [0, 1, 2, 7, -1, 100, 0x7fff_ffff, -0x8000_0000];

const noted: number[] = [];

/** What the modules of `FAMILIES` import. */
export const ENVIRONMENT: WebAssembly.Imports = {
  env: { offset: 7, note: (value: number) => void noted.push(value) },
};

/** Calls every function that the instance exports, with many arguments, and tells all that comes of it. */
export function observe(instance: WebAssembly.Instance, numbers: readonly number[] = NUMBERS): unknown[] {
  noted.length = 0;
  const seen: unknown[] = [];
  for (const [name, exported] of Object.entries(instance.exports)) {
    if (name.startsWith("tusk:") || typeof exported !== "function") continue;
    for (const a of numbers) {
      for (const b of exported.length > 1 ? numbers : [0])
        seen.push([name, a, b, outcome(() => exported(a, b))]);
    }
  }
  for (const exported of Object.values(instance.exports)) {
    if (exported instanceof WebAssembly.Memory) seen.push(Buffer.from(exported.buffer).toString("latin1"));
  }
  return [...seen, ...noted];
}

function outcome(call: () => unknown): unknown {
  try {
    const result = call();
    return typeof result === "function" ? "a function" : result;
  } catch (error) {
    return error instanceof WebAssembly.Exception ? "an exception" : messageOf(error);
  }
}
