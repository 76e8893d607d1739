import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { createRandomService, MAX_RANDOM_BYTES } from "../../../host/services/random.ts";

const random = createRandomService("dice");

test("random bytes are as many as asked for, and differ", () => {
  assert.equal(random.getBytes(0).length, 0);
  assert.equal(random.getBytes(MAX_RANDOM_BYTES).length, MAX_RANDOM_BYTES);
  assert.notDeepEqual(random.getBytes(16), random.getBytes(16));
  assert.notEqual(random.getU64(), random.getU64());
});

test("asking for more random bytes than the contract allows is a misuse that names the plugin", () => {
  assert.throws(
    () => random.getBytes(MAX_RANDOM_BYTES + 1),
    (error) =>
      HostError.is(error, "SERVICE_MISUSED") &&
      error.details.plugin === "dice" &&
      /65537/.test(error.message),
  );
});
