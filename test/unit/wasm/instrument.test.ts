import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { BinaryWriter } from "../../../host/wasm/binary.ts";
import { instrument } from "../../../host/wasm/instrument.ts";
import { decodeModule } from "../../../host/wasm/module-outline.ts";
import { armed, assemble, rewrite } from "./armed-instance.ts";

const OPTIONS = { maxMemoryPages: 100, maxTableElements: 100, fuel: "sliced" } as const;

async function refusal(wat: string, fuel: "sliced" | "exact" = "sliced"): Promise<HostError> {
  const bytes = await assemble(wat);
  try {
    instrument(bytes, "a.wasm", { ...OPTIONS, fuel });
  } catch (error) {
    if (HostError.is(error)) return error;
    throw error;
  }
  return assert.fail(`not refused: ${wat}`);
}

const UNSUPPORTED: [wat: string, feature: RegExp][] = [
  ["(memory 1 1 shared)", /a shared memory/],
  ['(import "a" "b" (memory 1 1 shared))', /a shared memory/],
  ["(memory i64 1)", /a memory with 64-bit addresses/],
  ["(table i64 1 funcref)", /a table with 64-bit addresses/],
  ["(memory 1 (pagesize 1))", /its own page size/],
  ["(memory 1) (func (drop (i32.atomic.load (i32.const 0))))", /atomic instructions/],
  ["(memory 1) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))", /atomic/],
  ["(func (atomic.fence))", /atomic instructions/],
  ["(type (struct))", /structs \(garbage collection\)/],
  ["(type (array i8))", /arrays \(garbage collection\)/],
  ["(rec (type (func)) (type (func)))", /recursive types \(garbage collection\)/],
  ["(type (sub (func)))", /subtypes \(garbage collection\)/],
  ["(func (drop (ref.i31 (i32.const 1))))", /instructions of garbage collection/],
  ["(func (param anyref))", /any references \(garbage collection\)/],
  ["(func (local (ref null i31)))", /i31 references \(garbage collection\)/],
  ["(func (drop (ref.null none)))", /none references/],
  [
    "(func (param funcref) (drop (ref.eq (local.get 0) (local.get 0))))",
    /instructions of garbage collection/,
  ],
  ["(func (block (result eqref) unreachable) drop)", /eq references/],
  ["(type $f (func)) (type (cont $f))", /continuations \(stack switching\)/],
  ["(tag $t) (func (suspend $t))", /stack switching/],
  ["(func $f) (table 1 (ref func) (ref.func $f))", /a table with a first value/],
  ["(func (drop (i64.add128 (i64.const 1) (i64.const 1) (i64.const 1) (i64.const 1))) drop)", /0xfc 0x13/],
  ['(func (export "tusk:fuel"))', /reserved name tusk:fuel/],
  ['(func (export "tusk:hook"))', /reserved name tusk:hook/],
  ['(global (export "tusk:start") i32 (i32.const 0))', /reserved name tusk:start/],
  ["(memory 0) ".repeat(17), /more than 16 memories/],
];

for (const [wat, feature] of UNSUPPORTED) {
  test(`refused: ${wat.slice(0, 80)}`, async () => {
    const error = await refusal(wat);
    assert.equal(error.code, "BINARY_UNSUPPORTED");
    assert.match(error.message, feature);
  });
}

test("blocks nested without end are refused", async () => {
  const error = await refusal(`(func ${"block ".repeat(100_001)} ${"end ".repeat(100_001)})`);
  assert.match(error.message, /nested more than 100000 deep/);
});

test("relaxed SIMD is refused only where results must be the same on every machine", async () => {
  const wat = `(func (param v128) (result v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0)))`;
  assert.match((await refusal(wat, "exact")).message, /relaxed SIMD/);
  assert.ok(WebAssembly.validate(rewrite(await assemble(wat))));
});

// What the rewrite appends comes right behind what the module has: each of these names it.
const OUT_OF_REACH: string[] = [
  "(func (global.set 0 (i64.const 1)))",
  "(func (drop (global.get 0)))",
  '(global (export "g") i64 (global.get 1))',
  '(export "g" (global 0))',
  "(func (table.set 0 (i32.const 0) (ref.null func)))",
  "(func (drop (table.get 0 (i32.const 0))))",
  "(type (func)) (func (call_indirect 0 (type 0) (i32.const 0)))",
  "(func (table.fill 0 (i32.const 0) (ref.null func) (i32.const 2)))",
  "(func (drop (table.grow 0 (ref.null func) (i32.const 2))))",
  "(table 1 funcref) (func (table.copy 1 0 (i32.const 0) (i32.const 0) (i32.const 1)))",
  "(table 1 funcref) (func (table.copy 0 1 (i32.const 0) (i32.const 0) (i32.const 1)))",
  "(elem $e func) (func (table.init 0 $e (i32.const 0) (i32.const 0) (i32.const 1)))",
  "(func $f) (elem (table 0) (i32.const 0) func $f)",
  '(export "t" (table 0))',
  "(func (call 1))",
  "(func (return_call 1))",
  "(func (drop (ref.func 1)))",
  "(func) (table 1 funcref) (elem (i32.const 0) func 1)",
  "(func) (table 1 funcref) (elem (i32.const 0) funcref (ref.func 1))",
  "(func) (global funcref (ref.func 1))",
  '(func) (export "f" (func 1))',
  "(func) (start 1)",
  "(func (block (type 1)))",
  "(table 1 funcref) (func (call_indirect (type 1) (i32.const 0)))",
  "(func (call_ref 1 (ref.null 0)))",
  "(func (type 1))",
  '(import "a" "b" (func (type 0)))',
  "(tag (type 0))",
  "(func (local (ref null 1)))",
  "(func (drop (ref.null 1)))",
  "(func (select (result (ref null 1)) (i32.const 0)))",
  "(global (ref null 1) (ref.null 0)) (type (func))",
  '(type (func)) (import "a" "b" (global (ref null 1)))',
  "(type (func)) (table 1 (ref null 1))",
  "(func (local i32) (loop $l (br_if $l (local.get 1))))",
  "(func (param i32) (local.set 1 (i32.const 0)))",
  "(func (drop (memory.grow 0 (i32.const 1))))",
  "(func (memory.fill 0 (i32.const 1) (i32.const 0) (i32.const 1)))",
  "(memory 1) (func (memory.copy 0 1 (i32.const 1) (i32.const 0) (i32.const 1)))",
  "(memory 1) (func (drop (i32.load 1 (i32.const 0))))",
];

for (const wat of OUT_OF_REACH) {
  test(`a module cannot reach what is added: ${wat}`, async () => {
    assert.ok(!WebAssembly.validate(await assemble(wat)), "the module was valid before");
    assert.equal((await refusal(wat)).code, "BINARY_MALFORMED");
    assert.equal((await refusal(wat, "exact")).code, "BINARY_MALFORMED");
  });
}

test("a start function that takes or gives something is refused, for the engine would have refused it", async () => {
  assert.match((await refusal("(func (param i32)) (start 0)")).message, /start function/);
  assert.match((await refusal("(func (result i32) (i32.const 1)) (start 0)")).message, /start function/);
});

test("code that is not nested as it should be is malformed", async () => {
  for (const body of ["(br 1)", "(br_table 0 7 (i32.const 0))", "(block $h (try_table (catch_all 5)))"]) {
    assert.equal((await refusal(`(func ${body})`)).code, "BINARY_MALFORMED", body);
  }
  const bodies = [
    [],
    [0x05, 0x0b],
    [0x07, 0, 0x0b],
    [0x19, 0x0b],
    [0x18, 0, 0x0b],
    [0x0b, 0x0b],
    [0x02, 0x40, 0x0b],
    [0x0b, 0x01],
  ];
  for (const body of bodies) {
    assert.throws(
      () => instrument(moduleOf(body), "a.wasm", OPTIONS),
      { code: "BINARY_MALFORMED" },
      String(body),
    );
  }
  const exact = { ...OPTIONS, fuel: "exact" } as const;
  assert.throws(() => instrument(moduleOf([0x0b, 0x0b]), "a.wasm", exact), { code: "BINARY_MALFORMED" });
  assert.throws(() => instrument(moduleOf([0x02, 0x40, 0x0b]), "a.wasm", exact), {
    code: "BINARY_MALFORMED",
  });
  assert.ok(WebAssembly.validate(rewrite(moduleOf([0x0b]))));
});

test("names, exports and imports stay, and sections that would lie go", async () => {
  const wat = `(module $shop
    (import "env" "log" (func $log (param i32)))
    (memory (export "memory") 1) (tag $t)
    (func $start) (start $start)
    (func $run (export "run") (local $count i32) (loop $again (br_if $again (local.get $count))) (call $log (i32.const 1)))
    (@custom "notes" (before first) "kept")
    (@custom ".debug_info" "gone")
    (@custom "sourceMappingURL" "gone")
    (@custom "metadata.code.branch_hint" (before code) "\\00")
    (@producers (language "Rust" "1.96")))`;
  const bytes = await assemble(wat);
  const rewritten = rewrite(bytes);
  const before = decodeModule(bytes, "a.wasm");
  const after = decodeModule(rewritten, "a.wasm");
  assert.deepEqual(after.imports, before.imports);
  assert.deepEqual(after.exports, [
    ...before.exports,
    { name: "tusk:fuel", kind: "global" },
    { name: "tusk:hook", kind: "table" },
    { name: "tusk:start", kind: "function" },
  ]);
  assert.equal(after.hasStart, false);
  assert.equal(after.custom.name, "shop");
  assert.deepEqual(after.custom.names, ["notes", "producers", "name"]);
  const calls: string[] = [];
  const log = () => calls.push(new Error("here").stack ?? "");
  armed(rewritten, { env: { log } }).exports["run"]?.();
  assert.match(calls[0] ?? "", /at shop\.run|at run/);
});

test("a name section that cannot be read is left out", async () => {
  const rewritten = rewrite(await assemble(String.raw`(func) (@custom "name" "\01\ff\ff")`));
  assert.deepEqual(decodeModule(rewritten, "a.wasm").custom.names, []);
});

test("an empty module can be armed", async () => {
  const { exports } = armed(rewrite(await assemble("")));
  assert.deepEqual(Object.keys(exports), ["tusk:fuel", "tusk:hook"]);
});

test("a component is refused", async () => {
  const component = await assemble("(module)").then(() => Uint8Array.of(0, 0x61, 0x73, 0x6d, 13, 0, 1, 0));
  assert.throws(() => instrument(component, "a.wasm", OPTIONS), {
    code: "BINARY_KIND",
    message: /is a component, and a core module is expected/,
  });
});

/** A module with one function of no type to speak of, and the bytes of its instructions. */
function moduleOf(body: readonly number[]): Uint8Array {
  const writer = new BinaryWriter();
  writer.raw([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10]);
  writer.sized(() => {
    writer.u8(1);
    writer.sized(() => writer.raw([0, ...body]));
  });
  return writer.finish();
}
