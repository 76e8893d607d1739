import assert from "node:assert/strict";
import { test } from "node:test";
import { json } from "../../build/instance.ts";
import { MALFORMED, query, tagged, type Start } from "./start.ts";

export function lifecycleTests(start: Start): void {
  test("a plugin says who it is, before it is initialised too", () => {
    assert.deepEqual(start({}, null).exports.plugin.info(), {
      name: "conformance",
      version: "1.2.3",
      description: "Answers so that a test can tell – 🦣",
    });
  });

  test("settings are kept and logged", () => {
    const settings = { depth: { deeper: [1, null, "🦣"] }, on: true };
    const plugin = start({}, settings);
    assert.deepEqual(plugin.logged, [{ level: "info", message: "initialised", fields: settings }]);
    assert.deepEqual(query(plugin, "settings"), settings);
  });

  test("an initialisation can fail", () => {
    assert.throws(() => start({}, { fail: "no 🦣" }), { payload: { tag: "invalid-input", val: "no 🦣" } });
  });

  test("an initialisation can trap, and says why in the log", () => {
    const { exports, logged } = start({}, null);
    assert.throws(() => exports.plugin.initialize(json({ trap: true })), /unreachable/);
    assert.match(logged.at(-1)?.message ?? "", /trapped on purpose/);
    assert.throws(() => exports.plugin.info(), "a plugin that trapped answers nothing more");
  });

  test("settings that are no JSON are invalid input", () => {
    const { exports } = start({}, null);
    assert.throws(() => exports.plugin.initialize(MALFORMED), tagged("invalid-input"));
  });

  test("a shutdown is logged, and can fail", () => {
    const plugin = start();
    plugin.exports.plugin.shutdown();
    assert.deepEqual(plugin.logged.at(-1), { level: "info", message: "shut down", fields: undefined });
    assert.throws(() => start({}, { failShutdown: true }).exports.plugin.shutdown(), {
      payload: { tag: "internal", val: "shutdown failed on purpose" },
    });
  });
}
