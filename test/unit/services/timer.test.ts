import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "tusk-host/testing";
import { systemClock } from "../../../host/core/clock.ts";
import { createTimerService } from "../../../host/services/timer.ts";

test("sleeping takes as long as asked for", async () => {
  const started = performance.now();
  await createTimerService(systemClock, new AbortController().signal).sleep(20);
  assert.ok(performance.now() - started >= 19);
});

test("an instance that ends leaves no timer behind, however long it was to sleep", async () => {
  const ended = new AbortController();
  const sleeping = createTimerService(systemClock, ended.signal).sleep(2 ** 32 - 1);
  ended.abort();
  await assert.rejects(sleeping, { name: "AbortError" });
  await assert.rejects(createTimerService(systemClock, ended.signal).sleep(1), { name: "AbortError" });
});

test("time that passes by another clock ends it, and an end leaves nothing there either", async () => {
  const clock = new VirtualClock();
  const sleeping = createTimerService(clock, new AbortController().signal).sleep(86_400_000);
  clock.advance(86_400_000);
  await sleeping;
  const ended = new AbortController();
  const broken = createTimerService(clock, ended.signal).sleep(1);
  ended.abort();
  await assert.rejects(broken, { name: "AbortError" });
  assert.equal(clock.timers, 0);
});
