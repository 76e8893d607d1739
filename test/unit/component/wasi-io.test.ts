import assert from "node:assert/strict";
import { test } from "node:test";
import { poll, Pollable } from "../../../host/component/wasi-io.ts";
import { WasiResources } from "../../../host/component/wasi-resources.ts";
import { wasiOf } from "../../kit/wasi-of.ts";

function resources(): WasiResources {
  return new WasiResources((reason) => new Error(reason));
}

interface Clock {
  now(): bigint;
  subscribeDuration(durationNs: bigint): Pollable;
  subscribeInstant(instant: bigint): Pollable;
}

function clockOf(held: WasiResources): Clock {
  return wasiOf(held)["wasi:clocks/monotonic-clock"] as Clock;
}

test("waiting for a list tells what is there, and waits while nothing is", async () => {
  const held = resources();
  const clock = clockOf(held);
  const never = clock.subscribeDuration(1n << 60n);
  const soon = clock.subscribeDuration(1_000_000n);
  const now = clock.subscribeInstant(clock.now() - 1n);
  assert.deepEqual(await poll([never, now]), new Uint32Array([1]));
  assert.deepEqual(await poll([never, soon]), new Uint32Array([1]));
  assert.deepEqual(await poll([soon, never, now]), new Uint32Array([0, 2]));
  await assert.rejects(poll([]));
  for (const pollable of [never, soon, now]) pollable[Symbol.dispose]();
  assert.equal(held.held, 0);
});

test("what a plugin waits for keeps the host from nothing once the plugin forgets it, or ends", () => {
  const timeouts = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timeouts();
  const held = resources();
  const clock = clockOf(held);
  const forgotten = clock.subscribeDuration(1n << 60n);
  for (let i = 0; i < 10; i++) clock.subscribeDuration(1n << 50n);
  assert.equal(timeouts(), before + 11);
  forgotten[Symbol.dispose]();
  assert.equal(timeouts(), before + 10);
  held[Symbol.dispose]();
  assert.equal(timeouts(), before);
});

test("an instance that holds too much at once is ended", () => {
  const held = resources();
  const hold = () => new Pollable(held);
  for (let i = 0; i < 1_000; i++) hold();
  assert.throws(hold, /more than 1000 resources/);
});
