import assert from "node:assert/strict";
import { test } from "node:test";
import { componentEmbed, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { componentize } from "../../../host/component/componentize.ts";
import { loadContract } from "../../../host/component/contract.ts";
import { decodeComponent } from "../../../host/wasm/component-outline.ts";
import { kindOf } from "../../../host/wasm/kind.ts";

const contract = await loadContract();
const PLUGIN = `tusk:plugin/plugin@${contract.version}`;

/** A core module that exports `plugin`, and whatever else is written there. */
function moduleWith(imports = "", fields = ""): Promise<Uint8Array> {
  return parse(`(module ${imports}
    (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "${PLUGIN}#info") (result i32) i32.const 0)
    (func (export "${PLUGIN}#initialize") (param i32 i32) (result i32) i32.const 0)
    (func (export "${PLUGIN}#shutdown") (result i32) i32.const 0)
    ${fields})`);
}

test("the contract is read whole, and knows every import", () => {
  assert.equal(contract.package, "tusk:plugin");
  assert.match(contract.version, /^\d+\.\d+\.\d+$/);
  for (const name of [
    "clock@0.1.0.now-ms",
    "database@0.1.0.[method]connection.query",
    "database@0.1.0.[resource-drop]transaction",
  ]) {
    assert.ok(contract.imports.has(`tusk:plugin/${name}`), name);
  }
});

test("a module's world is what it exports, and what it imports of the services", async () => {
  const core = await moduleWith(
    `(import "tusk:plugin/clock@0.1.0" "now-ms" (func (result i64)))`,
    `(func (export "tusk:plugin/health@0.1.0#check") (result i32) i32.const 0)`,
  );
  const { imports, exports } = decodeComponent(await componentize(core, "a"), "a");
  assert.ok(imports.some(({ name }) => name === "tusk:plugin/clock@0.1.0"));
  assert.ok(!imports.some(({ name }) => name === "tusk:plugin/database@0.1.0"));
  assert.deepEqual(exports.map(({ name }) => name).toSorted(), ["tusk:plugin/health@0.1.0", PLUGIN]);
});

test("a module that describes its own world is taken at its word", async () => {
  const core = await parse('(module (func (export "run")))');
  const described = await componentEmbed({
    binary: core,
    witSource: "package a:b; world c { export run: func(); }",
    world: "c",
  });
  const component = await componentize(described, "a");
  assert.equal(kindOf(component, "a"), "component");
  assert.deepEqual(
    decodeComponent(component, "a").exports.map(({ name }) => name),
    ["run"],
  );
});

test("a module without the plugin interface is refused", async () => {
  const core = await parse('(module (func (export "add")))');
  await assert.rejects(componentize(core, "a"), { code: "CONTRACT_EXPORT_MISSING" });
});

test("a module of another version of the contract is refused with both versions", async () => {
  const core = await parse(
    '(module (func (export "tusk:plugin/plugin@9.0.0#info") (result i32) i32.const 0))',
  );
  await assert.rejects(componentize(core, "a"), {
    code: "CONTRACT_VERSION",
    details: { plugin: "a", found: "9.0.0", known: [contract.version] },
  });
});

test("an import that is not in the contract is refused, and the nearest one offered", async () => {
  const core = await moduleWith('(import "tusk:plugin/clock@0.1.0" "now-sm" (func (result i64)))');
  await assert.rejects(componentize(core, "a"), {
    code: "CONTRACT_IMPORT_UNKNOWN",
    message: /now-sm", which .* Did you mean "tusk:plugin\/clock@0\.1\.0\.now-ms"/,
  });
});

test("a module whose functions have other types than the contract's is refused", async () => {
  const core = await moduleWith(
    "",
    '(func (export "tusk:plugin/health@0.1.0#check") (result f64) f64.const 0)',
  );
  await assert.rejects(componentize(core, "a"), { code: "COMPONENT_INVALID", message: /check/ });
});

test("what is no core module is refused", async () => {
  await assert.rejects(componentize(new TextEncoder().encode("<html>"), "a"), { code: "BINARY_NOT_WASM" });
});
