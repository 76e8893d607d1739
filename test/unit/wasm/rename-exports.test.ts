import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { renameExports } from "../../../host/wasm/rename-exports.ts";

test("exports take the names that WIT asks for and go on working", async () => {
  const bytes = await parse(
    `(module (memory (export "memory") 1) (func (export "http_handle") (result i32) (i32.const 42)))`,
  );
  const renamed = renameExports(bytes, "a.wasm", (name, kind) =>
    kind === "function" ? "tusk:plugin/http-plugin@0.1.0#handle-request" : name,
  );
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(renamed));
  assert.deepEqual(Object.keys(exports), ["memory", "tusk:plugin/http-plugin@0.1.0#handle-request"]);
  const handle = exports["tusk:plugin/http-plugin@0.1.0#handle-request"] as () => number;
  assert.equal(handle(), 42);
});

test("two exports cannot be given one name", async () => {
  const bytes = await parse(`(module (func (export "a")) (func (export "b")))`);
  assert.throws(() => renameExports(bytes, "a.wasm", () => "same"), { code: "BINARY_MALFORMED" });
});

test("a module without exports is left alone, and a component is refused", async () => {
  const bytes = await parse("(module (func))");
  assert.deepEqual(
    renameExports(bytes, "a.wasm", (name) => `${name}!`),
    bytes,
  );
  const component = await parse("(component)");
  assert.throws(() => renameExports(component, "a.wasm", (name) => name), { code: "BINARY_KIND" });
});
