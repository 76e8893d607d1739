import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MemoryMeter } from "../../../host/engine/memory-meter.ts";

const PAGE = 65_536;

suite("memory meters", () => {
  test("hold several owners to one limit, and count what each was refused", () => {
    const plugin = new MemoryMeter(3 * PAGE);
    const [one, other] = [new MemoryMeter(2 * PAGE, plugin), new MemoryMeter(2 * PAGE, plugin)];
    assert.equal(one.grow(2), true);
    assert.equal(one.grow(1), false);
    assert.equal(other.grow(1), true);
    assert.equal(other.grow(1), false);
    assert.equal(one.report().refusals, 1);
    assert.equal(other.report().refusals, 1);
    const { usedBytes, peakBytes, growths, refusals } = plugin.report();
    assert.deepEqual(
      { usedBytes, peakBytes, growths, refusals },
      {
        usedBytes: 3 * PAGE,
        peakBytes: 3 * PAGE,
        growths: 2,
        refusals: 2,
      },
    );
  });

  test("tell which limit is near", () => {
    const plugin = new MemoryMeter(3 * PAGE);
    const [one, other] = [new MemoryMeter(2 * PAGE, plugin), new MemoryMeter(2 * PAGE, plugin)];
    one.grow(2);
    assert.equal(one.tightest().limitBytes, 2 * PAGE);
    other.grow(1);
    assert.deepEqual(other.tightest(), plugin.report());
  });

  test("give back what an owner had", () => {
    const plugin = new MemoryMeter(2 * PAGE);
    const one = new MemoryMeter(2 * PAGE, plugin);
    one.grow(2);
    one.release();
    assert.equal(plugin.report().usedBytes, 0);
    assert.equal(new MemoryMeter(2 * PAGE, plugin).grow(2), true);
  });
});
