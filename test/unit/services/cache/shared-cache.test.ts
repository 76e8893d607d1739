import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../../host/core/clock.ts";
import { CacheStore } from "../../../../host/services/cache/cache-store.ts";
import { SharedCache } from "../../../../host/services/cache/shared-cache.ts";

test("a cache that was replaced is closed with the last who uses it, once", async () => {
  let closings = 0;
  const store = new CacheStore(systemClock, { maxBytes: 1_000, maxPluginBytes: 1_000 });
  const cache = new SharedCache(store, async () => void closings++);
  const [one, two] = [cache.serviceFor("plugin:p"), cache.serviceFor("plugin:p")];
  await one.service.set("key", 1, undefined);
  await one.leave();
  await cache.replaced();
  assert.equal(await two.service.get("key"), 1);
  assert.equal(closings, 0);
  await two.leave();
  assert.equal(closings, 1);
});

test("a cache that nobody uses is closed when it is replaced", async () => {
  let closings = 0;
  const store = new CacheStore(systemClock, { maxBytes: 1_000, maxPluginBytes: 1_000 });
  await new SharedCache(store, async () => void closings++).replaced();
  assert.equal(closings, 1);
});
