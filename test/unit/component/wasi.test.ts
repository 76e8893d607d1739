import assert from "node:assert/strict";
import { test } from "node:test";
import { createWasi, type WasiHooks } from "../../../host/component/wasi.ts";

interface Stdout {
  getStdout(): { blockingWriteAndFlush(contents: Uint8Array): void };
}

interface MonotonicClock {
  now(): bigint;
  subscribeDuration(nanoseconds: bigint): Pollable;
}

interface Pollable extends Disposable {
  ready(): boolean;
  block(): Promise<void>;
}

const HOOKS: WasiHooks = {
  print: () => undefined,
  exit: () => assert.fail("it does not exit"),
  misused: (functionName, reason) => {
    throw new Error(`${functionName}: ${reason}`);
  },
};

test("a line that is too long to be kept is broken, wherever it ends", () => {
  const lines: string[] = [];
  using wasi = createWasi({ ...HOOKS, print: (_, line) => void lines.push(line) });
  const output = (wasi.imports["wasi:cli/stdout"] as Stdout).getStdout();
  for (const part of ["a".repeat(4_000), "a".repeat(4_000), "a".repeat(4_000), "\nb\n"]) {
    output.blockingWriteAndFlush(Buffer.from(part));
  }
  assert.deepEqual(
    lines.filter((line) => line !== "").map((line) => line.length > 8_192),
    lines.filter((line) => line !== "").map(() => false),
  );
  assert.equal(lines.join(""), `${"a".repeat(12_000)}b`);
});

test("a moment is waited for, and what is waited for ends with the instance", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  const wasi = createWasi(HOOKS);
  const clock = wasi.imports["wasi:clocks/monotonic-clock"] as MonotonicClock;
  const start = clock.now();
  await clock.subscribeDuration(2_000_000n).block();
  assert.ok(clock.now() - start >= 2_000_000n);
  const hour = clock.subscribeDuration(3_600_000_000_000n);
  assert.equal(hour.ready(), false);
  void hour.block();
  const dropped = clock.subscribeDuration(3_600_000_000_000n);
  dropped.block().catch(() => undefined);
  assert.equal(timers(), before + 2);
  dropped[Symbol.dispose]();
  assert.equal(timers(), before + 1);
  wasi[Symbol.dispose]();
  assert.equal(timers(), before);
});

test("a plugin may wait for a thousand moments at once, and for any number one after the other", () => {
  using wasi = createWasi(HOOKS);
  const clock = wasi.imports["wasi:clocks/monotonic-clock"] as MonotonicClock;
  for (let i = 0; i < 5_000; i++) clock.subscribeDuration(1_000_000_000n)[Symbol.dispose]();
  for (let i = 0; i < 1_000; i++) clock.subscribeDuration(1_000_000_000n);
  assert.throws(() => clock.subscribeDuration(1n), /wasi:clocks: it waits for more than 1000 moments/);
});
