import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { HostError } from "../../../host/core/error.ts";
import { BinaryWriter } from "../../../host/wasm/binary.ts";
import { decodeComponent } from "../../../host/wasm/component-outline.ts";
import { decodeModule } from "../../../host/wasm/module-outline.ts";

const SAMPLE = `(component $sample
  (type $api (instance (export "ping" (func))))
  (import "tusk:plugin/logger@0.1.0" (instance $log (type $api)))
  (import "greet" (func $greet (param "who" string)))
  (import "thing" (type $thing (sub resource)))
  (import "same" (type (eq $thing)))
  (import "code" (core module (export "f" (func))))
  (import "inner" (component (export "g" (func))))
  (core module $one (memory 1 4) (func (export "f")) (func $s) (start $s))
  (component
    (core module $two (table 5 funcref))
    (component (core module $three (memory 2) (memory 3))))
  (export "tusk:plugin/http-plugin@0.1.0" (instance $log))
  (export "hello" (func $greet))
  (export "kind" (type $thing))
  (export "module" (core module $one))
  (@custom "x" "1"))`;

test("an outline says what a component imports and exports", async () => {
  const { imports, exports, custom } = decodeComponent(await parse(SAMPLE), "a.wasm");
  assert.deepEqual(imports, [
    { name: "tusk:plugin/logger@0.1.0", kind: "instance" },
    { name: "greet", kind: "function" },
    { name: "thing", kind: "type" },
    { name: "same", kind: "type" },
    { name: "code", kind: "core-module" },
    { name: "inner", kind: "component" },
  ]);
  assert.deepEqual(exports, [
    { name: "tusk:plugin/http-plugin@0.1.0", kind: "instance" },
    { name: "hello", kind: "function" },
    { name: "kind", kind: "type" },
    { name: "module", kind: "core-module" },
  ]);
  assert.equal(custom.name, "sample");
  assert.ok(custom.names.includes("x"));
});

test("core modules are found at any depth, where they really are", async () => {
  const bytes = await parse(SAMPLE);
  const { coreModules, nestedComponents } = decodeComponent(bytes, "a.wasm");
  assert.equal(nestedComponents, 2);
  assert.deepEqual(
    coreModules.map(({ outline }) => [outline.custom.name, outline.memories.length, outline.tables.length]),
    [
      ["one", 1, 0],
      ["two", 0, 1],
      ["three", 2, 0],
    ],
  );
  assert.equal(coreModules[0]?.outline.hasStart, true);
  assert.equal(coreModules[0]?.outline.functionCount, 2);
  for (const { start, sizeBytes, outline } of coreModules) {
    const embedded = bytes.subarray(start, start + sizeBytes);
    assert.ok(WebAssembly.validate(embedded.slice()));
    assert.deepEqual(decodeModule(embedded, "a.wasm"), outline);
  }
});

test("components nested without end are refused", () => {
  let bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 13, 0, 1, 0);
  const header = bytes;
  for (let depth = 0; depth < 40; depth++) {
    const writer = new BinaryWriter();
    writer.raw(header);
    writer.u8(4);
    writer.sized(() => writer.raw(bytes));
    bytes = writer.finish();
  }
  assert.throws(() => decodeComponent(bytes, "a.wasm"), {
    code: "BINARY_UNSUPPORTED",
    message: /nested more than 32 deep/,
  });
});

test("a component cut anywhere is malformed or shorter, never a crash", async () => {
  const bytes = await parse(SAMPLE);
  for (let length = 8; length < bytes.length; length++) {
    try {
      decodeComponent(bytes.subarray(0, length), "a.wasm");
    } catch (error) {
      assert.ok(HostError.is(error, "BINARY_MALFORMED"), String(error));
    }
  }
});

test("names, kinds and sections of a form that is not known are refused, not guessed", () => {
  const header = [0, 0x61, 0x73, 0x6d, 13, 0, 1, 0];
  const decode = (...rest: number[]) => decodeComponent(Uint8Array.from([...header, ...rest]), "a.wasm");
  assert.deepEqual(decode(10, 6, 1, 1, 1, 0x61, 5, 0).imports, [{ name: "a", kind: "instance" }]);
  assert.throws(() => decode(10, 6, 1, 2, 1, 0x61, 5, 0), { message: /a name of the unknown form 2/ });
  assert.throws(() => decode(10, 6, 1, 0, 1, 0x61, 6, 0), { message: /the unknown kind 6/ });
  assert.throws(() => decode(10, 7, 1, 0, 1, 0x61, 0, 0, 0), {
    message: /a core value at a component's edge/,
  });
  assert.throws(() => decode(10, 6, 1, 0, 1, 0x61, 3, 2), { message: /a type bound of the unknown form 2/ });
  assert.throws(() => decode(10, 6, 1, 0, 1, 0x61, 2, 2), { message: /a value bound of the unknown form 2/ });
  assert.throws(() => decode(13, 1, 0), { message: /the unknown kind 13/ });
  assert.throws(() => decode(1, 2, 0, 0), {
    code: "BINARY_MALFORMED",
    message: /the header of a core-module/,
  });
  assert.throws(() => decode(4, 8, 0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), { code: "BINARY_MALFORMED" });
});

test("a core module is no component", async () => {
  const bytes = await parse("(module)");
  assert.throws(() => decodeComponent(bytes, "a.wasm"), { code: "BINARY_KIND" });
});

test("the modules of a real adapter are outlined", async () => {
  const jco = new URL(import.meta.resolve("@bytecodealliance/jco"));
  const adapter = new URL("../lib/wasi_snapshot_preview1.reactor.wasm", jco);
  const outline = decodeModule(await readFile(adapter), "wasi_snapshot_preview1.reactor.wasm");
  assert.ok(outline.functionCount > 50);
  assert.ok(outline.imports.some(({ module }) => module.startsWith("wasi:filesystem/types@0.2.")));
});
