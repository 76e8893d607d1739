import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { explainFailure, type FailureContext } from "../../../host/engine/failure.ts";

const CONTEXT: FailureContext = {
  plugin: "p",
  function: "http-plugin.handle-request",
  verdict: undefined,
  memory: { usedBytes: 0, peakBytes: 0, limitBytes: 0, growths: 0, refusals: 0 },
  growthRefused: false,
  lastWords: undefined,
};
const LONG = "x".repeat(1_000_000);

suite("an error that a plugin caused", () => {
  test("keeps a bounded part of the plugin's own text", () => {
    const error = explainFailure({ tag: "internal", val: LONG }, CONTEXT);
    assert.ok(HostError.is(error, "PLUGIN_ERROR"));
    assert.equal(error.details.text.length, 16_384);
  });

  test("keeps a bounded part of its last words and of its functions' names", () => {
    const trap = new WebAssembly.RuntimeError("unreachable");
    const frame = (name: string) => `    at ${name} (wasm://wasm/0a1b:wasm-function[7]:0x2a)`;
    trap.stack = ["RuntimeError: unreachable", frame(LONG), ...Array(30).fill(frame("main"))].join("\n");
    const error = explainFailure(trap, { ...CONTEXT, lastWords: LONG });
    assert.ok(HostError.is(error, "PLUGIN_TRAPPED"));
    assert.equal(error.details.lastWords.length, 16_384);
    assert.equal(error.details.frames.length, 16);
    assert.equal(error.details.frames[0]?.length, 200);
    assert.equal(error.details.frames[1], "main");
  });
});
