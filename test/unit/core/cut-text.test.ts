import assert from "node:assert/strict";
import { test } from "node:test";
import { cutText } from "../../../host/core/cut-text.ts";
import { memoryInUse } from "../../kit/memory.ts";

test("a text is cut where it is too long, and what is left is well-formed", () => {
  assert.equal(cutText("abc", 3), "abc");
  assert.equal(cutText("abcd", 3), "abc");
  assert.equal(cutText("ab😀", 3), "ab\ufffd");
});

test("what was cut off is not kept", async () => {
  const before = await memoryInUse();
  const kept = Array.from({ length: 20 }, (_, i) => cutText(Buffer.alloc(2 ** 22, 97 + i).toString(), 1_000));
  const { external } = await memoryInUse();
  assert.ok(external - before.external < 2 ** 23);
  assert.equal(kept.length, 20);
});
