import assert from "node:assert/strict";
import { test } from "node:test";
import { messageOf } from "../../../host/core/error.ts";
import { MAX_COUNTED } from "../../../host/wasm/cost.ts";
import { armed, assemble, rewrite } from "./armed-instance.ts";
import { randomFrom } from "./random.ts";
import { MAX_STEPS, randomProgram } from "./random-program.ts";

/** More of them find more: `TUSK_FUZZ_RUNS=100000 node --test test/unit/wasm/random-programs.test.ts`. */
const RUNS = Math.ceil(Number(process.env["TUSK_FUZZ_RUNS"] ?? 4000) / 20);
const SEED = Number(process.env["TUSK_FUZZ_SEED"] ?? 1);

test("random programs go the same ways when rewritten, and sliced fuel covers exact fuel", async () => {
  const random = randomFrom(SEED);
  let longest = 0;
  for (let run = 0; run < RUNS; run++) {
    const wat = randomProgram(random);
    const original = await assemble(wat);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(original));
    const expected = traceOf(instance);
    const sliced = armed(rewrite(original));
    const exact = armed(rewrite(original, { fuel: "exact" }));
    assert.deepEqual(traceOf(sliced.instance), expected, wat);
    assert.deepEqual(traceOf(exact.instance), expected, wat);
    assert.ok(
      Number(sliced.spent()) + MAX_COUNTED >= Number(exact.spent()),
      `${sliced.spent()} < ${exact.spent()} in ${wat}`,
    );
    // A program that asks at every payment goes the same way too.
    const asking = armed(rewrite(original), {}, { fuel: -1n });
    assert.deepEqual(traceOf(asking.instance), expected, wat);
    longest = Math.max(longest, expected.steps);
  }
  assert.equal(longest, MAX_STEPS + 1, "no program was long");
});

function traceOf({ exports }: WebAssembly.Instance): { end: string; trace: number; steps: number } {
  let end = "returned";
  try {
    (exports["run"] as () => void)();
  } catch (error) {
    // Where the stack ends is not the same with other frames, and no matter of the rewrite.
    end = error instanceof WebAssembly.Exception ? "thrown" : messageOf(error);
  }
  const [trace, steps] = ["trace", "steps"].map(
    (name) => (exports[name] as WebAssembly.Global<number>).value,
  );
  return { end, trace: trace as number, steps: steps as number };
}
