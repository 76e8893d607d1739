import assert from "node:assert/strict";
import { test } from "node:test";
import { createClockService } from "../../../host/services/clock.ts";
import { VirtualClock } from "tusk-host/testing";

test("a plugin sees the host's time, in whole milliseconds and nanoseconds", () => {
  const clock = new VirtualClock();
  const service = createClockService(clock);
  clock.advance(1.5);
  assert.equal(service.nowMs(), 1_700_000_000_001);
  assert.equal(service.monotonicNs(), 1_500_000n);
});
