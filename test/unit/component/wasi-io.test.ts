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
  assert.deepEqual(poll(held, [never, now]), new Uint32Array([1]));
  assert.deepEqual(await poll(held, [never, soon]), new Uint32Array([1]));
  assert.deepEqual(await poll(held, [soon, never, now]), new Uint32Array([0, 2]));
  for (const pollable of [never, soon, now]) pollable[Symbol.dispose]();
  assert.equal(held.held, 0);
});

test("an instance that waits for nothing, or for more than it can hold, is ended", () => {
  const held = resources();
  const one = new Pollable(held);
  assert.equal(
    (
      poll(
        held,
        Array.from({ length: 1_000 }, () => one),
      ) as Uint32Array
    ).length,
    1_000,
  );
  for (const length of [0, 1_001]) {
    assert.throws(
      () =>
        poll(
          held,
          Array.from({ length }, () => one),
        ),
      /in the list to wait for/,
    );
  }
});

test("what is waited for again and again remembers nobody who waited and went", async () => {
  const held = resources();
  const { promise, resolve } = Promise.withResolvers<void>();
  let waits = 0;
  let isThere = false;
  const late = { ready: () => isThere, wait: () => (waits++, promise) };
  for (let i = 0; i < 100; i++) {
    let isNext = false;
    const next = { ready: () => isNext, wait: () => Promise.resolve().then(() => void (isNext = true)) };
    const list = [new Pollable(held, late), new Pollable(held, next)];
    assert.deepEqual(await poll(held, list), new Uint32Array([1]));
  }
  assert.equal(waits, 1);
  const last = poll(held, [new Pollable(held, late)]);
  isThere = true;
  resolve();
  assert.deepEqual(await last, new Uint32Array([0]));
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
