import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { ServiceError } from "../../../host/component/contract/service-error.ts";
import { HostError } from "../../../host/core/error.ts";
import type { ServiceAnswer } from "../../../host/workers/message.ts";
import { type Send, ServiceLine } from "../../../host/workers/service-line.ts";
import { toWire } from "../../../host/workers/wire-error.ts";

type Sent = Parameters<Send>[0];

/** A line to a host that answers what is asked at once, and everything the same. */
function lineTo(answer: ServiceAnswer): { line: ServiceLine; sent: Sent[] } & Disposable {
  const { port1, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const sent: Sent[] = [];
  const line: ServiceLine = new ServiceLine(
    (message) => {
      sent.push(message);
      if (message.type === "ask") line.served(message.id, answer);
      if (message.type !== "ask-now") return;
      port1.postMessage(answer);
      Atomics.add(answered, 0, 1);
      Atomics.notify(answered, 0);
    },
    { answered, answers: port2 },
  );
  return { line, sent, [Symbol.dispose]: () => port1.close() };
}

const QUESTION = { service: "cache", function: "get", args: ["key"] } as const;

suite("an instance in a thread", () => {
  test("is told what services answer, whether it waits or its thread stands still", async () => {
    using answering = lineTo({ type: "value", value: { a: [1n] } });
    assert.deepEqual(await answering.line.ask(QUESTION), { a: [1n] });
    assert.deepEqual(answering.line.askNow(QUESTION), { a: [1n] });
  });

  test("is refused as services refuse", async () => {
    using refusing = lineTo({ type: "refused", kind: "denied", message: "No." });
    const refused = (error: unknown) =>
      error instanceof ServiceError && error.kind === "denied" && error.message === "No.";
    await assert.rejects(refusing.line.ask(QUESTION), refused);
    assert.throws(() => refusing.line.askNow(QUESTION), refused);
    const details = { plugin: "p", function: "random.get-bytes", reason: "too many" };
    using misused = lineTo({ type: "misused", error: toWire(new HostError("SERVICE_MISUSED", details)) });
    await assert.rejects(misused.line.ask(QUESTION), { code: "SERVICE_MISUSED", details });
    using failing = lineTo({ type: "fault" });
    await assert.rejects(failing.line.ask(QUESTION), /the host knows why/);
  });

  test("that logs more than the host can hear waits for it every 64 KB", () => {
    using logging = lineTo({ type: "value", value: undefined });
    for (let i = 0; i < 1_000; i++) logging.line.log(["info", "x".repeat(1_000), undefined]);
    const waits = logging.sent.filter(({ type }) => type === "ask-now").length;
    assert.equal(waits, Math.floor((1_000 * 1_256) / (53 * 1_256)));
    logging.line.log(["info", "", { text: "x".repeat(100_000) }]);
    assert.equal(logging.sent.at(-1)?.type, "ask-now", "what it says beside the text counts, too");
  });
});
