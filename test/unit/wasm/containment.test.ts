import assert from "node:assert/strict";
import { test } from "node:test";
import { arm, armed, assemble, rewrite, type Arms } from "./armed-instance.ts";

/** Modules whose export `attack` never returns by itself. */
const ENDLESS: Record<string, string> = {
  "an empty loop": `(func (export "attack") (loop $l (br $l)))`,
  "a loop with a value on the stack": `(func (export "attack") (result i32) (i32.const 1) (loop $l (br $l)))`,
  "a loop with parameters": `(func (export "attack") (i32.const 1) (loop $l (param i32) (br $l)))`,
  "two loops in each other": `(func (export "attack") (loop $a (loop $b (br_if $b (i32.const 0)) (br $a))))`,
  "a loop left and entered again": `(func (export "attack") (local i32)
    (loop $a (loop $b (br_if $b (i32.and (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 3)))) (br $a)))`,
  "a loop by table": `(func (export "attack") (param i32) (loop $l (br_table $l $l (local.get 0))))`,
  "a loop that only calls the host": `(import "host" "nothing" (func $n)) (func (export "attack") (loop $l (call $n) (br $l)))`,
  "a loop of calls": `(func $g) (func (export "attack") (loop $l (call $g) (br $l)))`,
  "tail calls in a circle": `(func $a (export "attack") (return_call $b)) (func $b (return_call $a))`,
  "tail calls by table": `(table funcref (elem $a)) (func $a (export "attack") (return_call_indirect (i32.const 0)))`,
  "tail calls by reference": `(type $t (func)) (elem declare func $a)
    (func $a (export "attack") (type $t) (return_call_ref $t (ref.func $a)))`,
  "recursion that branches": `(func $f (export "attack") (param i32)
    (if (i32.lt_u (local.get 0) (i32.const 60)) (then
      (call $f (i32.add (local.get 0) (i32.const 1))) (call $f (i32.add (local.get 0) (i32.const 1))))))`,
  "a loop in catch_all, in the old form": `(tag $t) (func (export "attack") try (throw $t) catch_all (loop $l (br $l)) end)`,
  "a loop that catches everything, in the old form": `(func $spin (loop $l (br $l)))
    (func (export "attack") (loop $l try (call $spin) catch_all end (br $l)))`,
  "a loop that catches everything, in the new form": `(func $spin (loop $l (br $l)))
    (func (export "attack") (loop $l (block $h (try_table (catch_all $h) (call $spin))) (br $l)))`,
  "exceptions thrown and caught": `(tag $t)
    (func (export "attack") (loop $l (block $h (try_table (catch $t $h) (throw $t))) (br $l)))`,
  "fills without end": `(memory 500) (func (export "attack")
    (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 30000000)) (br $l)))`,
  "copies without end": `(memory 500) (func (export "attack")
    (loop $l (memory.copy (i32.const 1) (i32.const 0) (i32.const 30000000)) (br $l)))`,
  "table fills without end": `(table 9000 funcref) (func (export "attack")
    (loop $l (table.fill (i32.const 0) (ref.null func) (i32.const 9000)) (br $l)))`,
  "table growth by nothing without end": `(table 1 externref) (func (export "attack")
    (loop $l (drop (table.grow (ref.null extern) (i32.const 0))) (br $l)))`,
  "growth by nothing without end": `(memory 1) (func (export "attack") (loop $l (drop (memory.grow (i32.const 0))) (br $l)))`,
  "growth that is refused, without end": `(memory 1) (func (export "attack") (loop $l (drop (memory.grow (i32.const 9999))) (br $l)))`,
  "a loop in the start function": `(func $s (loop $l (br $l))) (start $s) (func (export "attack"))`,
  "a fill in the start function": `(memory 500) (func $s (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 30000000)) (br $l)))
    (start $s) (func (export "attack"))`,
};

for (const [attack, wat] of Object.entries(ENDLESS)) {
  for (const fuel of ["sliced", "exact"] as const) {
    test(`${attack} stops when its ${fuel} fuel has run out three times`, async () => {
      const bytes = rewrite(await assemble(wat), { fuel });
      let asked = 0;
      let longestMs = 0;
      let last = performance.now();
      const stops: Arms["stops"] = (left) => {
        longestMs = Math.max(longestMs, performance.now() - last);
        left.value = 100_000n;
        last = performance.now();
        return ++asked === 3;
      };
      const imports = { host: { nothing: () => undefined } };
      assert.throws(() => armed(bytes, imports, { fuel: 100_000n, stops }).exports["attack"]?.(0), {
        name: "RuntimeError",
        message: "unreachable",
      });
      assert.equal(asked, 3);
      // On a busy machine much of this is other processes: without any charge it would be minutes.
      assert.ok(longestMs < 1000, `${longestMs} ms`);
    });
  }
}

test("long code without loops asks on its way, whichever way it takes", async () => {
  const straight = "nop ".repeat(100_000);
  const branching = `(if (local.get 0) (then nop nop)) (if (i32.eqz (local.get 0)) (then nop nop))`.repeat(
    12_000,
  );
  for (const fuel of ["sliced", "exact"] as const) {
    for (const code of [straight, branching]) {
      for (const inLoop of [false, true]) {
        const body = inLoop ? `(loop $l ${code})` : code;
        const bytes = rewrite(await assemble(`(func (export "f") (param i32) ${body})`), { fuel });
        for (const way of [0, 1]) {
          let asked = 0;
          armed(bytes, {}, { fuel: -(2n ** 40n), stops: () => asked++ < 0 }).exports["f"]?.(way);
          assert.ok(asked >= 5, `${asked} times`);
        }
      }
    }
  }
});

test("a module that is not armed traps at its first payment", async () => {
  const bytes = rewrite(await assemble(`(func (export "f") (loop $l (br $l)))`));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  assert.throws(exports["f"] as () => void, WebAssembly.RuntimeError);
});

test("nothing runs at instantiation, and the start function is there to be called", async () => {
  let started = 0;
  const imports = { host: { note: () => started++ } };
  const bytes = rewrite(await assemble(`(import "host" "note" (func $n)) (func $s (call $n)) (start $s)`));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  assert.equal(started, 0);
  arm(instance);
  (instance.exports["tusk:start"] as () => void)();
  assert.equal(started, 1);
  const imported = rewrite(await assemble(`(import "host" "note" (func $n)) (start $n)`));
  armed(imported, imports);
  assert.equal(started, 2);
});

test("a memory grows as far as it is allowed, and every growth is asked for", async () => {
  const wat = `(memory $a 1 100) (memory $b 2)
    (func (export "a") (param i32) (result i32) (memory.grow $a (local.get 0)))
    (func (export "b") (param i32) (result i32) (memory.grow $b (local.get 0)))`;
  const asked: number[] = [];
  const grow = (deltaPages: number) => asked.push(deltaPages) > 0 && deltaPages !== 5;
  const { exports } = armed(rewrite(await assemble(wat), { maxMemoryPages: 23 }), {}, { grow });
  const { a, b } = exports;
  assert.equal(a?.(0), 1);
  assert.equal(a?.(70_000), -1);
  assert.equal(a?.(-1), -1);
  assert.deepEqual(asked, []);
  assert.equal(a?.(10), 1);
  assert.equal(b?.(3), 2);
  assert.deepEqual(asked, [10, 3]);
  assert.equal(b?.(5), -1, "the hook refuses");
  assert.equal(a?.(0), 11);
  // Allowed, but more than the share of this memory: taken back.
  assert.equal(a?.(1), -1);
  assert.equal(b?.(8), -1);
  assert.deepEqual(asked, [10, 3, 5, 1, -1, 8, -8]);
  assert.equal(b?.(7), 5);
});

test("memories and tables get their minimum and an equal share of what is left", async () => {
  const { instrument } = await import("../../../host/wasm/instrument.ts");
  const options = { maxMemoryPages: 20, maxTableElements: 10, fuel: "sliced" } as const;
  const bytes = await assemble(`(memory 4) (memory 1 2) (memory 0) (table 3 funcref) (table 2 3 externref)`);
  const { memories, tables, bytes: rewritten } = instrument(bytes, "a.wasm", options);
  assert.deepEqual(memories, [
    { min: 4, max: 9 },
    { min: 1, max: 2 },
    { min: 0, max: 5 },
  ]);
  assert.deepEqual(tables, [
    { min: 3, max: 5 },
    { min: 2, max: 3 },
  ]);
  assert.ok(WebAssembly.validate(rewritten));
  const tooLarge = await assemble(`(memory 4) (memory 17)`);
  assert.throws(() => instrument(tooLarge, "a.wasm", options), {
    code: "BINARY_OVER_LIMIT",
    message: /wants 21 pages of memory, more than its limit of 20/,
  });
  const tooMany = await assemble(`(table 11 funcref)`);
  assert.throws(() => instrument(tooMany, "a.wasm", options), {
    code: "BINARY_OVER_LIMIT",
    message: /11 table elements/,
  });
});

test("a table bomb stays within its limit", async () => {
  const wat = `(table 1 funcref) (func (export "grow") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))`;
  const { exports } = armed(rewrite(await assemble(wat), { maxTableElements: 10_000 }));
  assert.equal(exports["grow"]?.(9_999_990), -1);
  assert.equal(exports["grow"]?.(9_999), 1);
  assert.equal(exports["grow"]?.(1), -1);
});

test("modules still link to each other's memories and tables", async () => {
  const owner = armed(
    rewrite(
      await assemble(
        `(memory (export "m") 1) (table (export "t") 2 funcref) (func $f (result i32) (i32.const 9)) (elem (i32.const 1) $f)`,
      ),
    ),
  );
  const user = armed(
    rewrite(
      await assemble(`(import "o" "m" (memory 1)) (import "o" "t" (table 2 funcref))
        (func (export "f") (result i32) (drop (memory.grow (i32.const 2))) (memory.fill (i32.const 0) (i32.const 7) (i32.const 9))
          (i32.add (memory.size) (call_indirect (result i32) (i32.const 1))))`),
    ),
    {
      o: {
        m: owner.instance.exports["m"] as WebAssembly.Memory,
        t: owner.instance.exports["t"] as WebAssembly.Table,
      },
    },
  );
  assert.equal(user.exports["f"]?.(), 3 + 9);
});
