import assert from "node:assert/strict";
import { test } from "node:test";
import { EXIT, exitOf } from "../../../host/cli/exit-codes.ts";
import { ERRORS } from "../../../host/core/error-codes.ts";
import { HostError } from "../../../host/core/error.ts";

test("every way to end has a code of its own, and every error is one of them", () => {
  const codes = Object.values(EXIT).map(({ code }) => code);
  assert.equal(new Set(codes).size, codes.length);
  for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
    // Only the code is looked at.
    const error = Object.create(HostError.prototype, { code: { value: code } }) as HostError;
    assert.ok(exitOf(error) in EXIT && exitOf(error) !== "ok", code);
  }
});

test("what is no error of the host's is a fault of it", () => {
  assert.equal(exitOf(new TypeError("x")), "fault");
  assert.equal(exitOf(new HostError("USAGE_INVALID", { reason: "x", command: "tusk" })), "usage");
});
