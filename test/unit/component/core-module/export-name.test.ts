import assert from "node:assert/strict";
import { test } from "node:test";
import { exportName } from "../../../../host/component/core-module/export-name.ts";

test("what the AssemblyScript SDK exports has a name in the contract", () => {
  const names = ["http_plugin$handle_request", "cabi_post$http_plugin$handle_request", "plugin$info"];
  assert.deepEqual(
    names.map((name) => exportName(name)),
    [
      "tusk:plugin/http-plugin@0.1.0#handle-request",
      "cabi_post_tusk:plugin/http-plugin@0.1.0#handle-request",
      "tusk:plugin/plugin@0.1.0#info",
    ],
  );
});

test("any other name stays", () => {
  for (const name of ["cabi_realloc", "memory", "tusk:plugin/plugin@0.1.0#info", "a$b$c", "A$b"]) {
    assert.equal(exportName(name), name);
  }
});
