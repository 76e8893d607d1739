import assert from "node:assert/strict";
import { test } from "node:test";
import { parseByteSize, parseDurationMs } from "../../../host/config/quantity.ts";

test("sizes and durations come to bytes and milliseconds", () => {
  assert.equal(parseByteSize("100MB"), 104_857_600);
  assert.equal(parseByteSize("1.5 KiB"), 1536);
  assert.equal(parseByteSize("7b"), 7);
  assert.equal(parseByteSize("2gb"), 2_147_483_648);
  assert.equal(parseDurationMs("30s"), 30_000);
  assert.equal(parseDurationMs("1.5m"), 90_000);
  assert.equal(parseDurationMs("250 ms"), 250);
  assert.equal(parseDurationMs("1d"), 86_400_000);
});

test("what is no size or duration is none", () => {
  for (const text of ["", "1", "MB", "-1MB", "1TB", "1 0MB", "1.MB", "1e3s", " 1s", "1constructor"]) {
    assert.equal(parseByteSize(text), undefined, text);
    assert.equal(parseDurationMs(text), undefined, text);
  }
});
