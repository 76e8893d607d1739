import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatDuration } from "../../../host/cli/quantities.ts";

test("sizes have three digits at most", () => {
  const sizes = [0, 999, 1_000, 10_240, 150_000, 1_048_576, 104_857_600, 2 ** 40];
  assert.deepEqual(sizes.map(formatBytes), [
    "0 B",
    "999 B",
    "1 KB",
    "10 KB",
    "146 KB",
    "1 MB",
    "100 MB",
    "1024 GB",
  ]);
});

test("durations are told in the unit that fits", () => {
  assert.deepEqual([0.44, 9.97, 41.4, 999, 1_250, 30_000].map(formatDuration), [
    "0.4 ms",
    "10 ms",
    "41 ms",
    "999 ms",
    "1.3 s",
    "30 s",
  ]);
});
