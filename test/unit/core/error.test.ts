import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestOf } from "../../../host/core/did-you-mean.ts";
import { HostError } from "../../../host/core/error.ts";
import { quote } from "../../../host/core/error-codes.ts";

test("an error says its code, its details and its cause", () => {
  const cause = new Error("beneath");
  const error = new HostError("BINARY_NOT_WASM", { file: "a.wasm", found: "<html>" }, { cause });
  assert.equal(error.code, "BINARY_NOT_WASM");
  assert.equal(error.cause, cause);
  assert.match(error.message, /"a\.wasm" is not WebAssembly.*"<html>"/);
  assert.ok(HostError.is(error, "BINARY_NOT_WASM"));
  assert.ok(!HostError.is(error, "BINARY_MALFORMED"));
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(error)) as object), ["code", "message", "details"]);
});

test("a quoted text is one bounded line", () => {
  assert.equal(quote("a\n\u001b[31mb\u009b\u202e"), String.raw`"a\n\u001b[31mb\u009b\u202e"`);
  assert.equal(quote("x".repeat(500)).length, 203);
  assert.equal(quote("\ud800"), '"\ufffd"');
});

test("the nearest name is found, and a far one is not offered", () => {
  assert.equal(nearestOf("enabeld", ["enabled", "config"]), "enabled");
  assert.equal(nearestOf("Timeout", ["timeoutMs", "cpuMs"]), "timeoutMs");
  assert.equal(nearestOf("zebra", ["enabled", "config"]), undefined);
});
