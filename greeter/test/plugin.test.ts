import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlugin } from "tusk-host/testing";
import settings from "../tusk.json" with { type: "json" };

test("greeter keeps the contract", async () => {
  const { checks } = await testPlugin("build/greeter.wasm", settings.plugins["greeter"]);
  assert.deepEqual(
    checks.filter(({ failure }) => failure !== undefined),
    [],
  );
});
