import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { fromWire, toWire } from "../../../host/workers/wire-error.ts";

test("an error crosses with its code, its details, and the text of its cause", () => {
  const cause = Object.assign(new WebAssembly.RuntimeError("unreachable"), { hook: () => undefined });
  const sent = new HostError("PLUGIN_TIMEOUT", { plugin: "p", limitMs: 5, queued: true }, { cause });
  const received = fromWire(structuredClone(toWire(sent)));
  assert.ok(HostError.is(received, "PLUGIN_TIMEOUT"));
  assert.deepEqual([received.message, received.details], [sent.message, sent.details]);
  assert.ok(received.cause instanceof Error);
  assert.deepEqual([received.cause.message, received.cause.stack], ["unreachable", cause.stack]);
});

test("an error without a cause has none on the other side, unless one is known there", () => {
  const wire = structuredClone(toWire(new HostError("PLUGIN_ABORTED", { plugin: "p" })));
  assert.ok(!("cause" in fromWire(wire)));
  const reason = { any: "reason" };
  assert.equal(fromWire(wire, reason).cause, reason);
});
