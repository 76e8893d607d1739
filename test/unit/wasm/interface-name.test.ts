import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInterfaceName } from "../../../host/wasm/interface-name.ts";

test("the parts of an interface's full name are told apart", () => {
  assert.deepEqual(parseInterfaceName("tusk:plugin/http-plugin@0.1.0")?.version, "0.1.0");
  assert.deepEqual(
    { ...parseInterfaceName("wasi:io/streams@0.2.6-rc.1+b.7") },
    { namespace: "wasi", package: "io", interface: "streams", version: "0.2.6-rc.1+b.7" },
  );
  assert.deepEqual(
    { ...parseInterfaceName("a-b2:c/D-E") },
    { namespace: "a-b2", package: "c", interface: "D-E", version: undefined },
  );
});

test("what is no full name of an interface has no parts", () => {
  for (const name of [
    "greet",
    "",
    "tusk:plugin",
    "tusk:plugin/http_plugin",
    "tusk:plugin/http-plugin@1",
    "tusk:plugin/http-plugin@01.0.0",
    "tusk:plugin/http-plugin@0.1.0#handle",
    "tusk:plugin/http-plugin\n",
    "tusk:a:b/c",
    "[method]file.read",
    `a:b/${"c-".repeat(600)}d`,
  ]) {
    assert.equal(parseInterfaceName(name), undefined, name);
  }
});
