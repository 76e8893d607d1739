import assert from "node:assert/strict";
import { test } from "node:test";
import { createTimerService } from "../../../host/services/timer.ts";

test("sleeping takes as long as asked for", async () => {
  const started = performance.now();
  await createTimerService(new AbortController().signal).sleep(20);
  assert.ok(performance.now() - started >= 19);
});

test("an instance that ends leaves no timer behind, however long it was to sleep", async () => {
  const ended = new AbortController();
  const sleeping = createTimerService(ended.signal).sleep(2 ** 32 - 1);
  ended.abort();
  await assert.rejects(sleeping, { name: "AbortError" });
});
