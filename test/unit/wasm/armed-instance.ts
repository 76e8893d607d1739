import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { HOOK_SLOT, INSTRUMENT_EXPORT } from "../../../host/wasm/hooks.ts";
import { instrument, type InstrumentOptions } from "../../../host/wasm/instrument.ts";

/** The bytes of a module in the text format, or of a component; a module may leave out the word `module`. */
export async function assemble(wat: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await parse(/^\s*\((?:module|component)\b/.test(wat) ? wat : `(module ${wat})`);
  return bytes.slice();
}

const GENEROUS: InstrumentOptions = { maxMemoryPages: 1000, maxTableElements: 100_000, fuel: "sliced" };

/** Rewrites with limits that a test is not about. */
export function rewrite(
  bytes: Uint8Array,
  options: Partial<InstrumentOptions> = {},
): Uint8Array<ArrayBuffer> {
  return instrument(bytes, "test.wasm", { ...GENEROUS, ...options }).bytes;
}

// The first hook traps by an instruction, which a guest cannot catch, if it is told to.
const HOOKS = await assemble(`
  (import "host" "stops" (func $stops (result i32)))
  (import "host" "grow" (func $grow (param i32) (result i32)))
  (func (export "out-of-fuel") (if (call $stops) (then unreachable)))
  (func (export "grow") (param i32) (result i32) (call $grow (local.get 0)))`);

export interface Arms {
  /** Called when fuel has run out; the instance dies if it returns true. Never does by default. */
  readonly stops?: (fuel: WebAssembly.Global<bigint>) => boolean;
  /** Whether a memory may grow. Always by default. */
  readonly grow?: (deltaPages: number) => boolean;
  /** How much there is at first. Very much by default. */
  readonly fuel?: bigint;
}

export interface ArmedInstance {
  readonly exports: Record<string, (...args: unknown[]) => unknown>;
  readonly instance: WebAssembly.Instance;
  readonly fuel: WebAssembly.Global<bigint>;
  /** What was charged since the start. */
  readonly spent: () => bigint;
}

/** Instantiates a rewritten module with its hooks in place, and runs its start function. */
export function armed(
  rewritten: Uint8Array<ArrayBuffer>,
  imports: WebAssembly.Imports = {},
  arms: Arms = {},
): ArmedInstance {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(rewritten), imports);
  const fuel = arm(instance, arms);
  const exports = instance.exports as ArmedInstance["exports"];
  exports[INSTRUMENT_EXPORT.start]?.();
  const first = arms.fuel ?? PLENTY;
  return { exports, instance, fuel, spent: () => first - fuel.value };
}

const PLENTY = 1n << 60n;

/** Arms an instance of a rewritten module. Returns its fuel. */
export function arm(instance: WebAssembly.Instance, arms: Arms = {}): WebAssembly.Global<bigint> {
  const fuel = instance.exports[INSTRUMENT_EXPORT.fuel] as WebAssembly.Global<bigint>;
  const hooks = instance.exports[INSTRUMENT_EXPORT.hook] as WebAssembly.Table;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(HOOKS), {
    host: {
      stops: () => (arms.stops?.(fuel) ? 1 : 0),
      grow: (deltaPages: number) => (arms.grow?.(deltaPages) === false ? 0 : 1),
    },
  });
  hooks.set(HOOK_SLOT.outOfFuel, exports["out-of-fuel"]);
  hooks.set(HOOK_SLOT.grow, exports["grow"]);
  fuel.value = arms.fuel ?? PLENTY;
  return fuel;
}
