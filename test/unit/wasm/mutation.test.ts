import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError, messageOf } from "../../../host/core/error.ts";
import { decodeComponent } from "../../../host/wasm/component-outline.ts";
import { instrument } from "../../../host/wasm/instrument.ts";
import { decodeModule } from "../../../host/wasm/module-outline.ts";
import { armed, assemble } from "./armed-instance.ts";
import { FAMILIES } from "./families.ts";
import { ENVIRONMENT, observe } from "./observe.ts";

/** More of them find more: `TUSK_FUZZ_RUNS=1000000 node --test test/unit/wasm/mutation.test.ts`. */
const RUNS = Number(process.env["TUSK_FUZZ_RUNS"] ?? 4000);
const SEED = Number(process.env["TUSK_FUZZ_SEED"] ?? 1);

const OPTIONS = { maxMemoryPages: 100, maxTableElements: 1000 } as const;

test("a mutated module is refused by code, or valid after the rewrite exactly if it was before", async () => {
  const seeds = await Promise.all(Object.values(FAMILIES).map((wat) => assemble(wat)));
  const random = randomFrom(SEED);
  const count = { refused: 0, invalid: 0, valid: 0 };
  for (let run = 0; run < RUNS; run++) {
    const mutant = mutate(pick(seeds, random), pick(seeds, random), random);
    const fuel = run % 2 === 0 ? "sliced" : "exact";
    const rewritten = orRefused(mutant, () => instrument(mutant, "mutant.wasm", { ...OPTIONS, fuel }).bytes);
    if (rewritten === undefined) {
      count.refused++;
      continue;
    }
    const wasValid = WebAssembly.validate(mutant);
    assert.equal(WebAssembly.validate(rewritten), wasValid, `valid before: ${wasValid}\n${hex(mutant)}`);
    count[wasValid ? "valid" : "invalid"]++;
  }
  // Each outcome must come up, or the test does not test what it says.
  assert.ok(
    Object.values(count).every((n) => n > RUNS / 100),
    JSON.stringify(count),
  );
});

test("a valid mutant stops when its fuel has run out, and does the same in either mode of fuel", async () => {
  const seeds = await Promise.all(Object.values(FAMILIES).map((wat) => assemble(wat)));
  const random = randomFrom(SEED);
  const count = { stopped: 0, compared: 0 };
  for (let run = 0; run < RUNS / 4; run++) {
    const mutant = mutate(pick(seeds, random), pick(seeds, random), random);
    if (!WebAssembly.validate(mutant)) continue;
    const [sliced, exact] = [behaviour(mutant, "sliced"), behaviour(mutant, "exact")];
    if (sliced === "refused" || exact === "refused") continue;
    if (sliced === "stopped" || exact === "stopped") {
      count.stopped++;
    } else {
      count.compared++;
      assert.deepEqual(sliced, exact, hex(mutant));
    }
  }
  assert.ok(
    Object.values(count).every((n) => n > RUNS / 4 / 200),
    JSON.stringify(count),
  );
});

/** All that is seen of a module, or that it ran out of fuel on the way, or was refused. */
function behaviour(mutant: Uint8Array, fuel: "sliced" | "exact"): unknown {
  const rewritten = orRefused(mutant, () => instrument(mutant, "mutant.wasm", { ...OPTIONS, fuel }).bytes);
  if (!rewritten) return "refused";
  let stopped = false;
  try {
    const stops = () => (stopped = true);
    const { instance } = armed(rewritten, ENVIRONMENT, { fuel: 2_000_000n, stops });
    const seen = observe(instance, [0, 1, -1]);
    return stopped ? "stopped" : seen;
  } catch (error) {
    return stopped ? "stopped" : messageOf(error);
  }
}

test("a mutated module or component is outlined or refused by code", async () => {
  const component = `(component
    (import "tusk:plugin/logger@0.1.0" (instance (export "log" (func (param "text" string)))))
    (core module $m (memory 1) (func (export "f") (param i32)))
    (component $inner (core module (table 1 funcref)))
    (core instance $i (instantiate $m))
    (func $f (canon lift (core func $i "f")))
    (export "f" (func $f)))`;
  const seeds = await Promise.all([component, ...Object.values(FAMILIES)].map((wat) => assemble(wat)));
  const random = randomFrom(SEED);
  for (let run = 0; run < RUNS; run++) {
    const mutant = mutate(pick(seeds, random), pick(seeds, random), random);
    orRefused(mutant, () => decodeComponent(mutant, "mutant.wasm"));
    orRefused(mutant, () => decodeModule(mutant, "mutant.wasm"));
  }
});

function orRefused<T>(mutant: Uint8Array, attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (HostError.is(error)) return undefined;
    throw new Error(`not refused by a code:\n${hex(mutant)}`, { cause: error });
  }
}

type Random = (below: number) => number;

/** The same numbers for the same seed: a linear congruential generator. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[random(from.length)] as T;
}

function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let mutant = [...bytes];
  for (let left = 1 + random(3); left > 0 && mutant.length > 0; left--) {
    mutant = pick(MUTATIONS, random)(mutant, [...other], random);
  }
  return Uint8Array.from(mutant);
}

const MUTATIONS: ((bytes: number[], other: number[], random: Random) => number[])[] = [
  (bytes, _, random) => bytes.with(random(bytes.length), random(256)),
  (bytes, _, random) => change(bytes, random(bytes.length), (byte) => byte ^ (1 << random(8))),
  (bytes, _, random) => change(bytes, random(bytes.length), (byte) => (byte + 1) & 0xff),
  (bytes, _, random) => change(bytes, random(bytes.length), (byte) => (byte - 1) & 0xff),
  (bytes, _, random) => bytes.toSpliced(random(bytes.length), 1 + random(3)),
  (bytes, _, random) => bytes.toSpliced(random(bytes.length), 0, random(256)),
  (bytes, _, random) => bytes.slice(0, 1 + random(bytes.length)),
  (bytes, _, random) => swapRange(bytes, bytes, random),
  (bytes, other, random) => swapRange(bytes, other, random),
];

function change(bytes: number[], at: number, how: (byte: number) => number): number[] {
  return bytes.with(at, how(bytes[at] as number));
}

/** Some bytes of `from` in place of as many of `bytes`. */
function swapRange(bytes: number[], from: number[], random: Random): number[] {
  const length = 1 + random(8);
  const start = random(from.length);
  return bytes.toSpliced(random(bytes.length), length, ...from.slice(start, start + length));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
