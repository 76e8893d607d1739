import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { chainedCall, runInCall } from "../../../host/engine/call-chain.ts";
import type { CallLimits } from "../../../host/engine/guard.ts";
import type { Generation } from "../../../host/plugin/generation.ts";
import { HandOver } from "../../../host/plugin/hand-over.ts";

const LIMITS: CallLimits = { deadline: Infinity, timeoutMs: 1_000, cpuMs: 1_000 };

/** A hand-over that goes on until it is ended. */
function begun() {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Nothing else of a generation is looked at.
  const generation = (drained: Promise<void>) =>
    ({ drained: () => drained, traffic: { instances: 0 } }) as unknown as Generation;
  const handOver = new HandOver("p");
  const over = handOver.run(generation(promise), generation(Promise.resolve()), () => undefined);
  return { handOver, end: () => (resolve(), over) };
}

suite("calls that come while state is handed over", () => {
  test("wait until that is over", async () => {
    const { handOver, end } = begun();
    let waited = false;
    const waiting = handOver.wait(LIMITS).then(() => (waited = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(waited, false);
    await end();
    await waiting;
    await handOver.wait(LIMITS);
  });

  test("wait no longer than their time, or their caller wants them to", async () => {
    const { handOver, end } = begun();
    const late = { ...LIMITS, deadline: performance.now() + 1, timeoutMs: 1 };
    await assert.rejects(handOver.wait(late), { code: "PLUGIN_TIMEOUT" });
    const controller = new AbortController();
    const aborted = handOver.wait({ ...LIMITS, signal: controller.signal });
    controller.abort();
    await assert.rejects(aborted, { code: "PLUGIN_ABORTED" });
    await assert.rejects(handOver.wait({ ...LIMITS, signal: controller.signal }), { code: "PLUGIN_ABORTED" });
    const within = (limits: CallLimits) =>
      runInCall(chainedCall("caller", limits), () => handOver.wait(LIMITS));
    await assert.rejects(within({ ...LIMITS, deadline: performance.now() + 1 }), { code: "PLUGIN_TIMEOUT" });
    await end();
  });

  test("do not wait if they are part of a call for which the hand-over waits", async () => {
    const { handOver, end } = begun();
    await runInCall(chainedCall("p", LIMITS), () => handOver.wait(LIMITS));
    await end();
  });
});
