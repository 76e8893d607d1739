import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonValue } from "../../../../host/marshal/json.ts";
import { type CacheLimits, CacheStore } from "../../../../host/services/cache/cache-store.ts";
import { VirtualClock } from "tusk-host/testing";
import { memoryInUse } from "../../../kit/memory.ts";

function createStore(limits: Partial<CacheLimits> = {}): { store: CacheStore; clock: VirtualClock } {
  const clock = new VirtualClock();
  return { store: new CacheStore(clock, { maxPluginBytes: 1000, maxBytes: 2000, ...limits }), clock };
}

// With its key of one letter it takes 3 + 200 + 1 + 64 bytes or so: three fit into a thousand, four do not.
const large = new Uint8Array(200);

test("a value stays until it is deleted", async () => {
  const cache = createStore().store.serviceFor("a");
  await cache.set("k", { n: 2n ** 60n, b: new Uint8Array([1]) }, undefined);
  assert.deepEqual(await cache.get("k"), { n: 2n ** 60n, b: Buffer.from([1]) });
  assert.equal(await cache.delete("k"), true);
  assert.equal(await cache.delete("k"), false);
  assert.equal(await cache.get("k"), undefined);
});

test("a value is gone when its time is over", async () => {
  const { store, clock } = createStore();
  const cache = store.serviceFor("a");
  await cache.set("k", 1, 100);
  clock.advance(99);
  assert.equal(await cache.get("k"), 1);
  clock.advance(1);
  assert.equal(await cache.delete("k"), false);
  await cache.set("k", 1, 0);
  assert.equal(await cache.get("k"), undefined);
});

test("a value that is kept anew begins its time anew, and may have none", async () => {
  const { store, clock } = createStore();
  const cache = store.serviceFor("a");
  await cache.set("k", 1, 100);
  await cache.set("for ever", 1, 100);
  clock.advance(60);
  await cache.set("k", 2, 100);
  await cache.set("for ever", 2, undefined);
  clock.advance(99);
  assert.equal(await cache.get("k"), 2);
  clock.advance(1);
  assert.equal(await cache.get("k"), undefined);
  clock.advance(1e9);
  assert.equal(await cache.get("for ever"), 2);
});

test("what one plugin keeps is nothing to another", async () => {
  const { store } = createStore();
  await store.serviceFor("a").set("k", 1, undefined);
  assert.equal(await store.serviceFor("b").get("k"), undefined);
  assert.equal(await store.serviceFor("a").get("k"), 1);
});

test("a value that is changed after it was kept, or after it was read, stays as it was", async () => {
  const cache = createStore().store.serviceFor("a");
  const value = { list: [1] };
  await cache.set("k", value, undefined);
  value.list.push(2);
  ((await cache.get("k")) as { list: JsonValue[] }).list.push(3);
  assert.deepEqual(await cache.get("k"), { list: [1] });
});

test("over the plugin's limit the value goes that was not used for the longest time", async () => {
  const cache = createStore().store.serviceFor("a");
  for (const key of ["x", "y", "z"]) await cache.set(key, large, undefined);
  await cache.get("x");
  await cache.set("w", large, undefined);
  const kept = await Promise.all(
    ["x", "y", "z", "w"].map(async (key) => (await cache.get(key)) !== undefined),
  );
  assert.deepEqual(kept, [true, false, true, true]);
});

test("over the host's limit the plugin that holds most gives way", async () => {
  const { store } = createStore({ maxBytes: 1100 });
  const [greedy, modest] = [store.serviceFor("greedy"), store.serviceFor("modest")];
  for (const key of ["x", "y", "z"]) await greedy.set(key, large, undefined);
  await modest.set("m", large, undefined);
  await modest.set("n", large, undefined);
  assert.equal(await greedy.get("x"), undefined);
  assert.notEqual(await modest.get("m"), undefined);
});

test("a value that is larger than the cache is refused, and replaces nothing", async () => {
  const cache = createStore().store.serviceFor("a");
  await cache.set("k", 1, undefined);
  await assert.rejects(cache.set("k", new Uint8Array(1000), undefined), { kind: "limit-exceeded" });
  await assert.rejects(cache.set("k".repeat(1000), 1, undefined), { kind: "limit-exceeded" });
  assert.equal(await cache.get("k"), 1);
});

test("many empty values are bounded too", async () => {
  const cache = createStore().store.serviceFor("a");
  for (let i = 0; i < 100; i++) await cache.set(String(i), null, undefined);
  const kept = await Promise.all(Array.from({ length: 100 }, (_, i) => cache.get(String(i))));
  assert.ok(kept.filter((value) => value === null).length < 16);
});

test("a small value keeps nothing of the large ones that came before it", async () => {
  const cache = createStore({ maxPluginBytes: 2 ** 20, maxBytes: 2 ** 20 }).store.serviceFor("a");
  const before = await memoryInUse();
  for (let i = 0; i < 40; i++) {
    for (let j = 0; j < 4; j++) await cache.set("replaced", "x".repeat(500_000), undefined);
    await cache.set(String(i), i, undefined);
  }
  const { external } = await memoryInUse();
  assert.ok(external - before.external < 2 ** 24);
  assert.equal(await cache.get("0"), 0);
});
