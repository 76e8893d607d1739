import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { verifyRoutes } from "../../../host/plugin/verify-info.ts";
import { createHost, HostError } from "tusk-host";
import { buildWat } from "../../hostile/wat-plugin.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

suite("what a plugin says of itself", () => {
  const folder = temporaryFolder();

  /** At 20 and 28 stand the lengths of name and version; 512 is where the name begins. */
  const unfit: Readonly<Record<string, string>> = {
    "its name is longer than 100 characters": "(i32.store (i32.const 20) (i32.const 101))",
    "its version is longer than 100 characters": "(i32.store (i32.const 28) (i32.const 60000))",
    "its description is longer than 2000 characters": "(i32.store (i32.const 36) (i32.const 60000))",
    "its name holds control characters": "(i32.store8 (i32.const 512) (i32.const 27))",
  };

  for (const [i, [reason, info]] of Object.entries(unfit).entries()) {
    test(`is refused if ${reason}`, async () => {
      const file = await folder.write(`unfit-${i}.wasm`, await buildWat({ info: `${info} (i32.const 16)` }));
      await using host = await createHost();
      await assert.rejects(host.load(file), (error) => {
        assert.ok(HostError.is(error, "PLUGIN_ANSWER_INVALID"), String(error));
        assert.equal(error.details.reason, reason);
        return true;
      });
    });
  }
});

const REGISTER = "http-plugin.register-routes";

test("routes are refused if there are too many of them, or if they are too long to be shown", () => {
  const route = { method: "GET", pattern: "/a" };
  assert.equal(
    verifyRoutes(
      Array.from({ length: 1_000 }, () => route),
      "many",
      REGISTER,
    ).length,
    1_000,
  );
  for (const [routes, reason] of [
    [Array.from({ length: 1_001 }, () => route), /1001 routes, and 1000 is the most/],
    [[{ ...route, method: "x".repeat(41) }], /method of a route is longer/],
    [[{ ...route, pattern: "/".repeat(1_001) }], /pattern of a route is longer/],
    [[{ ...route, pattern: "/\u001b[2J" }], /holds control characters/],
  ] as const) {
    assert.throws(
      () => verifyRoutes(routes, "many", REGISTER),
      (error) => HostError.is(error, "PLUGIN_ANSWER_INVALID") && reason.test(error.details.reason),
    );
  }
});
