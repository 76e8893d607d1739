import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryMeter } from "../../../host/engine/memory-meter.ts";

const PAGE = 65_536;

test("it grows up to its limit and no further, and tells both", () => {
  const meter = new MemoryMeter(3 * PAGE);
  assert.deepEqual([meter.grow(2), meter.grow(2), meter.grow(1), meter.grow(1)], [true, false, true, false]);
  assert.deepEqual(meter.report(), {
    usedBytes: 3 * PAGE,
    peakBytes: 3 * PAGE,
    limitBytes: 3 * PAGE,
    growths: 2,
    refusals: 2,
  });
});

test("a limit that is no whole number of pages is not exceeded by a part of one", () => {
  const meter = new MemoryMeter(2 * PAGE - 1);
  assert.deepEqual([meter.grow(2), meter.grow(1), meter.grow(1)], [false, true, false]);
});

test("the peak stays when memory is given back", () => {
  const meter = new MemoryMeter(4 * PAGE);
  meter.grow(4);
  meter.shrink(3);
  meter.grow(1);
  assert.partialDeepStrictEqual(meter.report(), { usedBytes: 2 * PAGE, peakBytes: 4 * PAGE });
});

test("the parent's limit holds for all its children together", () => {
  const parent = new MemoryMeter(5 * PAGE);
  const [first, second] = [new MemoryMeter(4 * PAGE, parent), new MemoryMeter(4 * PAGE, parent)];
  assert.deepEqual([first.grow(3), second.grow(3), second.grow(2)], [true, false, true]);
  assert.partialDeepStrictEqual(parent.report(), { usedBytes: 5 * PAGE, growths: 2, refusals: 1 });
  assert.partialDeepStrictEqual(second.report(), { usedBytes: 2 * PAGE, growths: 1, refusals: 1 });
});

test("what a child's own limit refuses takes nothing from the parent's", () => {
  const parent = new MemoryMeter(5 * PAGE);
  const child = new MemoryMeter(PAGE, parent);
  assert.equal(child.grow(2), false);
  assert.partialDeepStrictEqual(parent.report(), { usedBytes: 0, growths: 0, refusals: 1 });
});

test("a child that is released gives its memory back to the parent, once", () => {
  const parent = new MemoryMeter(5 * PAGE);
  const [first, second] = [new MemoryMeter(4 * PAGE, parent), new MemoryMeter(4 * PAGE, parent)];
  first.grow(3);
  second.grow(2);
  first.release();
  first.release();
  assert.partialDeepStrictEqual(parent.report(), { usedBytes: 2 * PAGE, peakBytes: 5 * PAGE });
  assert.equal(second.grow(2), true);
});

test("the limit that is nearest is told", () => {
  const parent = new MemoryMeter(3 * PAGE);
  const [first, second] = [new MemoryMeter(2 * PAGE, parent), new MemoryMeter(2 * PAGE, parent)];
  first.grow(2);
  assert.equal(first.tightest().limitBytes, 2 * PAGE);
  second.grow(1);
  assert.deepEqual(second.tightest(), parent.report());
});
