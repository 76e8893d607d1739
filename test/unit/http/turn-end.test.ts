import assert from "node:assert/strict";
import { test } from "node:test";
import { TurnEnd } from "../../../host/http/turn-end.ts";

test("what waits for the end of a turn goes on together, after all that the turn brought", async () => {
  const turnEnd = new TurnEnd();
  const order: string[] = [];
  const waits = async (name: string) => {
    await turnEnd.reached;
    order.push(name);
  };
  const first = waits("first");
  await Promise.resolve().then(() => order.push("microtask"));
  const second = waits("second");
  const next = new Promise<void>((resolve) => setImmediate(resolve)).then(() => order.push("next immediate"));
  await Promise.all([first, second, next]);
  assert.deepEqual(order, ["microtask", "first", "second", "next immediate"]);
});

test("each turn has an end of its own", async () => {
  const turnEnd = new TurnEnd();
  const { reached } = turnEnd;
  assert.equal(turnEnd.reached, reached);
  await reached;
  assert.notEqual(turnEnd.reached, reached);
  await turnEnd.reached;
});
