import assert from "node:assert/strict";
import { test } from "node:test";
import { createTimerService } from "../../../host/services/timer.ts";

const never = new AbortController().signal;

test("sleeping takes as long as asked for", async () => {
  const started = performance.now();
  await createTimerService(30_000, never).sleep(20);
  assert.ok(performance.now() - started >= 19);
});

test("nobody sleeps for longer than a call may take", async () => {
  const started = performance.now();
  await createTimerService(5, never).sleep(2 ** 32 - 1);
  assert.ok(performance.now() - started < 5_000);
});

test("a plugin that ends leaves no timer behind", async () => {
  const closed = new AbortController();
  const sleeping = createTimerService(3_600_000, closed.signal).sleep(3_600_000);
  closed.abort();
  await assert.rejects(sleeping, { name: "AbortError" });
});
