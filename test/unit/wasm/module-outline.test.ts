import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { HostError } from "../../../host/core/error.ts";
import { decodeModule } from "../../../host/wasm/module-outline.ts";

test("an outline says what a module imports, exports and holds", async () => {
  const bytes = await parse(`(module $shop
    (import "env" "log" (func (param i32)))
    (import "env" "memory" (memory 1))
    (import "env" "table" (table 1 funcref))
    (import "env" "base" (global i32))
    (import "env" "oops" (tag))
    (memory (export "memory") 2 10)
    (memory 1)
    (table (export "table") 3 7 externref)
    (global (export "g") i32 (i32.const 0))
    (func $a (export "run")) (func $b) (start $b)
    (@custom "notes" "hello")
    (@producers (language "Rust" "1.96") (sdk "tusk" "0.1.0")))`);
  const { custom, ...outline } = decodeModule(bytes, "a.wasm");
  assert.deepEqual(outline, {
    imports: [
      { module: "env", name: "log", kind: "function" },
      { module: "env", name: "memory", kind: "memory" },
      { module: "env", name: "table", kind: "table" },
      { module: "env", name: "base", kind: "global" },
      { module: "env", name: "oops", kind: "tag" },
    ],
    exports: [
      { name: "memory", kind: "memory" },
      { name: "table", kind: "table" },
      { name: "g", kind: "global" },
      { name: "run", kind: "function" },
    ],
    memories: [
      { min: 2, max: 10 },
      { min: 1, max: undefined },
    ],
    tables: [{ elements: "externref", min: 3, max: 7 }],
    functionCount: 2,
    hasStart: true,
  });
  assert.equal(custom.name, "shop");
  assert.deepEqual(custom.names, ["notes", "producers", "name"]);
  assert.deepEqual(custom.producers.get("language"), [{ name: "Rust", version: "1.96" }]);
});

test("a custom section that cannot be read says nothing and breaks nothing", async () => {
  const { custom } = decodeModule(
    await parse(String.raw`(module (@custom "producers" "\05") (@custom "name" "\00\ff"))`),
    "a.wasm",
  );
  assert.deepEqual(custom, { names: ["producers", "name"], producers: new Map(), name: undefined });
});

test("a module of a proposal that is not run is refused by name", async () => {
  const refused: [wat: string, feature: RegExp][] = [
    ["(memory 1 1 shared)", /a shared memory/],
    ["(memory i64 1)", /a memory with 64-bit addresses/],
    ["(table i64 1 funcref)", /a table with 64-bit addresses/],
    ["(memory 1 (pagesize 1))", /a memory with its own page size/],
    ["(table 1 anyref)", /any references \(garbage collection\)/],
    ["(func $f) (table 1 (ref func) (ref.func $f))", /a table with a first value/],
  ];
  for (const [wat, feature] of refused) {
    const bytes = await parse(`(module ${wat})`);
    assert.throws(() => decodeModule(bytes, "a.wasm"), { code: "BINARY_UNSUPPORTED", message: feature });
  }
});

test("a module cut anywhere is malformed or shorter, never a crash", async () => {
  const bytes = await parse(`(module (import "a" "b" (func)) (memory 1 2) (func (export "f")) (start 1))`);
  for (let length = 8; length < bytes.length; length++) {
    try {
      decodeModule(bytes.subarray(0, length), "a.wasm");
    } catch (error) {
      assert.ok(HostError.is(error, "BINARY_MALFORMED"), String(error));
    }
  }
});

test("sections that stand twice, too late or are of an unknown kind are refused", () => {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const decode = (...rest: number[]) => decodeModule(Uint8Array.from([...header, ...rest]), "a.wasm");
  assert.throws(() => decode(5, 1, 0, 5, 1, 0), {
    code: "BINARY_MALFORMED",
    message: /at byte 11: "section 5 stands twice/,
  });
  assert.throws(() => decode(5, 1, 0, 2, 1, 0), { code: "BINARY_MALFORMED" });
  assert.throws(() => decode(5, 2, 0, 0), { code: "BINARY_MALFORMED", message: /longer than its contents/ });
  assert.throws(() => decode(14, 1, 0), { code: "BINARY_UNSUPPORTED", message: /unknown kind 14/ });
});

test("a component is no core module", async () => {
  const bytes = await parse("(component)");
  assert.throws(() => decodeModule(bytes, "a.wasm"), { code: "BINARY_KIND" });
});
