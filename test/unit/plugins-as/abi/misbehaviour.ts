import assert from "node:assert/strict";
import { test } from "node:test";
import { query, type Start } from "./start.ts";

export function misbehaviourTests(start: Start): void {
  test("a trap says why in the log, and ends the instance", () => {
    const plugin = start();
    assert.throws(() => query(plugin, "trap"), /unreachable/);
    assert.equal(plugin.logged.at(-1)?.level, "error");
    assert.match(plugin.logged.at(-1)?.message ?? "", /trapped on purpose/);
    assert.throws(() => query(plugin, "echo"));
  });

  test("a plugin can trap without a word", () => {
    const plugin = start();
    plugin.logged.length = 0;
    assert.throws(() => query(plugin, "unreachable"), /unreachable/);
    assert.deepEqual(plugin.logged, []);
  });

  test("recursion without end is stopped by the engine", () => {
    assert.throws(() => query(start(), "recurse"), RangeError);
  });

  test("memory that is kept counts, and what is freed is used again", () => {
    const plugin = start();
    const megabyte = 1 << 20;
    assert.equal(query(plugin, "allocate", [megabyte]), megabyte);
    assert.equal(query(plugin, "allocate", [3 * megabyte]), 4 * megabyte);
    const peak = plugin.memoryBytes();
    assert.ok(peak >= 4 * megabyte);
    for (let round = 0; round < 20; round++) {
      query(plugin, "free");
      query(plugin, "allocate", [megabyte]);
    }
    assert.ok(plugin.memoryBytes() <= 2 * peak, `${plugin.memoryBytes()} bytes after ${peak}`);
  });
}
