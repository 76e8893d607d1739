import assert from "node:assert/strict";
import { test } from "node:test";
import { LogRate } from "../../../../host/services/logger/log-rate.ts";
import { VirtualClock } from "tusk-host/testing";

function createRate(): { rate: LogRate; clock: VirtualClock; reports: number[] } {
  const clock = new VirtualClock();
  const reports: number[] = [];
  const rate = new LogRate(
    clock,
    { linesPerSecond: 10, burstLines: 4 },
    (dropped) => void reports.push(dropped),
  );
  return { rate, clock, reports };
}

test("lines within the rate pass for ever, and nothing is reported", () => {
  const { rate, clock, reports } = createRate();
  for (let i = 0; i < 100; i++) {
    assert.ok(rate.admit());
    clock.advance(100);
  }
  assert.deepEqual([reports, clock.timers], [[], 0]);
});

test("a flood is cut off after the burst, counted, and reported once when there is room again", () => {
  const { rate, clock, reports } = createRate();
  const admitted = Array.from({ length: 10 }, () => rate.admit());
  assert.deepEqual(admitted.filter(Boolean).length, 4);
  clock.advance(199);
  assert.deepEqual([rate.admit(), reports], [false, []]);
  clock.advance(1);
  assert.deepEqual([reports, clock.timers], [[7], 0]);
  assert.deepEqual([rate.admit(), rate.admit(), rate.admit()], [true, true, false]);
});

test("closing reports what was dropped and leaves no timer", () => {
  const { rate, clock, reports } = createRate();
  for (let i = 0; i < 6; i++) rate.admit();
  rate.close();
  rate.close();
  assert.deepEqual([reports, clock.timers], [[2], 0]);
});
