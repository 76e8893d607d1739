import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { asComponent } from "../../../../host/component/core-module/as-component.ts";
import { decodeModule } from "../../../../host/wasm/module-outline.ts";

test("a core module is seen as the interfaces of which it imports and exports functions", async () => {
  const bytes = await parse(`(module
    (import "a:b/c@1.0.0" "d" (func)) (import "a:b/c@1.0.0" "e" (func)) (import "env" "abort" (func))
    (memory (export "x:y/z@1.0.0#memory") 1)
    (func (export "plugin$info")) (func (export "plugin$shutdown")) (func (export "cabi_post$plugin$info"))
    (func (export "f:g/h@1.0.0#i")) (func (export "run")))`);
  const { imports, exports, coreModules } = asComponent(decodeModule(bytes, "a"), bytes.length);
  assert.deepEqual(imports, [{ name: "a:b/c@1.0.0", kind: "instance" }]);
  assert.deepEqual(
    exports.map(({ name }) => name),
    ["tusk:plugin/plugin@0.1.0", "f:g/h@1.0.0"],
  );
  assert.deepEqual([coreModules.length, coreModules[0]?.sizeBytes], [1, bytes.length]);
});
