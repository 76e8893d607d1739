import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_COUNTED } from "../../../host/wasm/cost.ts";
import { armed, assemble, rewrite } from "./armed-instance.ts";

/** What a call of the export `f` costs. */
async function cost(wat: string, fuel: "sliced" | "exact", ...args: unknown[]): Promise<number> {
  const { exports, spent } = armed(rewrite(await assemble(wat), { fuel }), {}, { fuel: 1n << 40n });
  try {
    exports["f"]?.(...args);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof WebAssembly.Exception)) throw error;
  }
  return Number(spent());
}

const COUNTDOWN = `(func (export "f") (param i32)
  (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))`;

test("exact fuel is the number of instructions that ran", async () => {
  assert.equal(await cost(`(func (export "f"))`, "exact"), 0);
  assert.equal(await cost(`(func (export "f") nop nop)`, "exact"), 2);
  assert.equal(
    await cost(`(func (export "f") (result i32) (i32.add (i32.const 1) (i32.const 2)))`, "exact"),
    3,
  );
  // loop; then in each round get, const, sub, tee, br_if.
  assert.equal(await cost(COUNTDOWN, "exact", 1), 1 + 5);
  assert.equal(await cost(COUNTDOWN, "exact", 1000), 1 + 5 * 1000);
  const branches = `(func (export "f") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 1) (i32.const 2) (i32.add))))`;
  assert.equal(await cost(branches, "exact", 1), 2 + 1);
  assert.equal(await cost(branches, "exact", 0), 2 + 3);
  const calls = `(func $g nop) (func (export "f") (call $g) (call $g) nop)`;
  assert.equal(await cost(calls, "exact"), 3 + 2);
  const skipped = `(func (export "f") (param i32) (block (br_if 0 (local.get 0)) nop nop nop) nop)`;
  assert.equal(await cost(skipped, "exact", 1), 3 + 1);
  assert.equal(await cost(skipped, "exact", 0), 3 + 3 + 1);
});

test("sliced fuel is the longest path", async () => {
  const branches = `(func $long) (func (export "f") (param i32)
    (if (local.get 0) (then nop) (else nop nop nop)) (call $long))`;
  assert.equal(await cost(branches, "sliced", 1), await cost(branches, "sliced", 0));
  assert.equal(await cost(branches, "sliced", 1), 2 + 3 + 1 + 1 + 1 + 24);
});

test("a short function that calls nothing is paid for by its caller", async () => {
  assert.equal(await cost(`(func (export "f") (param i32) (result i32) (local.get 0))`, "sliced", 1), 0);
  assert.equal(await cost(`(func (export "f") ${"nop ".repeat(100)})`, "sliced"), 101);
  const returnsEarly = `(func $g) (func (export "f") (param i32)
    (if (i32.eqz (local.get 0)) (then (return))) (call $g))`;
  assert.equal(await cost(returnsEarly, "sliced", 0), 0);
  assert.ok((await cost(returnsEarly, "sliced", 1)) >= 24);
});

test("what a loop has counted is paid when the function ends, returns, calls or throws", async () => {
  const rounds =
    "(loop $l (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 100))))";
  const body = (end: string) => `(tag $t) (func $g) (func (export "f") (local i32) ${rounds} ${end})`;
  for (const end of [
    "",
    "(return)",
    "(call $g)",
    "(throw $t)",
    "(unreachable)",
    "(br 0)",
    "(return_call $g)",
  ]) {
    assert.ok((await cost(body(end), "sliced")) >= 500, end);
  }
  const insideLoop = `(func (export "f") (param i32) (loop $l
    (if (i32.eqz (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))) (then (return))) (br $l)))`;
  assert.ok((await cost(insideLoop, "sliced", 100)) >= 600);
});

test("sliced fuel is at least exact fuel, but for what one function may have counted", async () => {
  for (const wat of Object.values(PROGRAMS)) {
    for (const n of [0, 1, 3, 17, 100, 2500]) {
      const [sliced, exact] = [await cost(wat, "sliced", n), await cost(wat, "exact", n)];
      assert.ok(sliced + MAX_COUNTED >= exact, `${sliced} < ${exact} for ${n} in ${wat}`);
    }
  }
});

test("the same call costs the same every time", async () => {
  for (const wat of Object.values(PROGRAMS)) {
    for (const fuel of ["sliced", "exact"] as const) {
      assert.equal(await cost(wat, fuel, 20), await cost(wat, fuel, 20));
    }
  }
});

test("fills and copies cost by their length, whichever way they are written", async () => {
  const memory = `(memory 40) (data $d "${"x".repeat(800)}") (table $t 500 funcref) (elem $e func ${"$g ".repeat(400)}) (func $g)`;
  const operations: [what: string, perUnit: number, unit: number][] = [
    ["(memory.fill (i32.const 0) (i32.const 1) (local.get 0))", 1, 16],
    ["(memory.copy (i32.const 0) (i32.const 1000) (local.get 0))", 1, 16],
    ["(memory.copy (i32.const 1000) (i32.const 0) (local.get 0))", 1, 16],
    ["(memory.init $d (i32.const 0) (i32.const 0) (local.get 0))", 1, 16],
    ["(table.fill $t (i32.const 0) (ref.null func) (local.get 0))", 32, 1],
    ["(table.copy $t $t (i32.const 0) (i32.const 9) (local.get 0))", 32, 1],
    ["(table.init $t $e (i32.const 0) (i32.const 0) (local.get 0))", 32, 1],
    ["(drop (table.grow $t (ref.null func) (local.get 0)))", 32, 1],
  ];
  for (const fuel of ["sliced", "exact"] as const) {
    for (const [what, perUnit, unit] of operations) {
      const wat = `${memory} (func (export "f") (param i32) ${what})`;
      const more = (await cost(wat, fuel, 320)) - (await cost(wat, fuel, 0));
      assert.equal(more, (320 / unit) * perUnit, `${what} in ${fuel}`);
    }
    const large = `${memory} (func (export "f") (param i32) (memory.fill (i32.const 5) (i32.const 1) (local.get 0)))`;
    const more = (await cost(large, fuel, 2_500_000)) - (await cost(large, fuel, 0));
    assert.ok(Math.abs(more - 2_500_000 / 16) < 3);
    const constant = `${memory} (func (export "f") (memory.fill (i32.const 0) (i32.const 1) (i32.const 800)) ${"nop ".repeat(30)})`;
    assert.ok((await cost(constant, fuel)) >= 50 + 30);
  }
});

test("large fills and copies move the same bytes as before", async () => {
  const wat = `(memory (export "memory") 60)
    (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))`;
  const bytes = await assemble(wat);
  const end = 60 << 16;
  const MiB = 1 << 20;
  const calls: [string, number, number, number][] = [
    ["fill", 3, 7, 2 * MiB + 5],
    ["fill", end - MiB, 1, MiB],
    ["fill", end - 10, 1, 11],
    ["fill", 0, 1, -1],
    ["copy", 100, 0, 2 * MiB + 77],
    ["copy", 0, 100, 2 * MiB + 77],
    ["copy", MiB, 0, 2 * MiB],
    ["copy", 0, MiB, 2 * MiB],
    ["copy", 1, 2, end],
    ["copy", 5, 5, MiB + 1],
  ];
  const run = (instance: WebAssembly.Instance): unknown[] => {
    const memory = Buffer.from((instance.exports["memory"] as WebAssembly.Memory).buffer);
    for (let i = 0; i < memory.length; i += 4) memory.writeUInt32LE((i * 2_654_435_761) >>> 0, i);
    const seen: unknown[] = [];
    for (const [name, ...args] of calls) {
      try {
        seen.push((instance.exports[name] as (...args: number[]) => unknown)(...args));
      } catch (error) {
        seen.push((error as Error).message);
      }
      seen.push(memory.toString("latin1"));
    }
    return seen;
  };
  const before = run(new WebAssembly.Instance(new WebAssembly.Module(bytes)));
  const after = run(armed(rewrite(bytes)).instance);
  for (const [i, seen] of before.entries()) assert.ok(seen === after[i], `call ${i >> 1}`);
});

/** Exports `f` of one number. */
const PROGRAMS = {
  countdown: COUNTDOWN.replace(
    "(param i32)",
    "(param i32) (local.set 0 (i32.add (local.get 0) (i32.const 1)))",
  ),
  nested: `(func (export "f") (param i32) (local i32)
    (loop $i
      (local.set 1 (i32.const 30))
      (loop $j (br_if $j (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
      (br_if $i (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 0)))))`,
  recursion: `(func $f (export "f") (param i32)
    (local.set 0 (i32.rem_u (local.get 0) (i32.const 9)))
    (if (local.get 0) (then
      (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 1))))))`,
  "calls in loops": `(func $g (param i32) (result i32) (local i32)
      (loop $l (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 9)))) (local.get 1))
    (func (export "f") (param i32) (local i32)
      (loop $l (local.set 1 (call $g (local.get 0)))
        (br_if $l (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 0)))))`,
  "exceptions in loops": `(tag $t) (func $g (param i32) (if (i32.and (local.get 0) (i32.const 1)) (then (throw $t))))
    (func (export "f") (param i32)
      (loop $l
        (block $h (try_table (catch_all $h) (call $g (local.get 0)) ${"nop ".repeat(40)}))
        (br_if $l (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 0)))))`,
  "jumps out of two loops": `(func (export "f") (param i32) (local i32)
    (block $out (loop $i (loop $j
      (local.set 1 (i32.add (local.get 1) (i32.const 1)))
      (br_if $out (i32.gt_u (local.get 1) (local.get 0)))
      (br_if $i (i32.rem_u (local.get 1) (i32.const 5))) (br $j))) ${"nop ".repeat(50)}) ${"nop ".repeat(50)})`,
  switch: `(func $g) (func (export "f") (param i32)
    (loop $l
      (block $c (block $b (block $a (br_table $a $b $c (i32.and (local.get 0) (i32.const 3))))
        ${"nop ".repeat(30)} (br $c)) ${"nop ".repeat(90)} (call $g))
      (br_if $l (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 0)))))`,
};
