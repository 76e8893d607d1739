import assert from "node:assert/strict";
import { test } from "node:test";
import { json, value } from "../../build/instance.ts";
import { MALFORMED, query, tagged, type Start } from "./start.ts";

export function stateTests(start: Start): void {
  test("what one generation saves the next one restores", () => {
    const old = start();
    query(old, "count");
    query(old, "count");
    const saved = old.exports.state.save();
    assert.deepEqual(value(saved), { count: 2 });

    const next = start();
    next.exports.state.restore(saved, "1.0.0 🦣");
    assert.deepEqual(next.logged.at(-1), {
      level: "info",
      message: "restored",
      fields: { savedBy: "1.0.0 🦣" },
    });
    assert.equal(query(next, "count"), 3);
    assert.deepEqual(value(old.exports.state.save()), { count: 2 }, "the old generation stays as it was");
  });

  test("a state that does not fit is invalid input", () => {
    const { state } = start().exports;
    assert.throws(() => state.restore(json({ count: -1 }), "1.0.0"), tagged("invalid-input"));
    assert.throws(() => state.restore(MALFORMED, "1.0.0"), tagged("invalid-input"));
  });

  test("a plugin says whether it is well", () => {
    start().exports.health.check();
    assert.throws(() => start({}, { unhealthy: true }).exports.health.check(), {
      payload: { tag: "unavailable", val: "unhealthy on purpose" },
    });
  });
}
