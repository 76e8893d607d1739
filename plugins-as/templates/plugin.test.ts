import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlugin } from "tusk-host/testing";
import settings from "../tusk.json" with { type: "json" };

test("my-plugin keeps the contract", async () => {
  const { checks } = await testPlugin("build/my-plugin.wasm", settings.plugins["my-plugin"]);
  assert.deepEqual(
    checks.filter(({ failure }) => failure !== undefined),
    [],
  );
});
