import assert from "node:assert/strict";
import { test } from "node:test";
import { compact } from "../../../host/workers/compact.ts";

test("what is a part of a larger buffer is cloned without the rest of it", () => {
  const whole = new Uint8Array(1_000_000).fill(7);
  const value = { list: [{ bytes: whole.subarray(10, 13) }, "text", null, 5n], all: whole };
  const compacted = compact(value) as typeof value;
  assert.deepEqual(compacted.list[0], { bytes: new Uint8Array([7, 7, 7]) });
  assert.equal((compacted.list[0] as { bytes: Uint8Array }).bytes.buffer.byteLength, 3);
  assert.equal(compacted.all, whole, "what is whole is not copied");
  assert.deepEqual(compacted.list.slice(1), ["text", null, 5n]);
});

test("what Node cuts out of its pool is no view of the pool any more", () => {
  const bytes = compact(Buffer.from("a secret beside others")) as Uint8Array;
  assert.equal(bytes.buffer.byteLength, bytes.length);
  assert.equal(Buffer.from(bytes).toString(), "a secret beside others");
});
