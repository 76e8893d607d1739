import assert from "node:assert/strict";
import { test } from "node:test";
import { TurnQueue } from "../../../../host/services/database/turn-queue.ts";
import { VirtualClock } from "tusk-host/testing";

test("those who wait are served in rotation by party", async () => {
  const queue = new TurnQueue(new VirtualClock());
  const served: string[] = [];
  const first = await queue.take("a", 1000);
  const waiting = ["a1", "a2", "a3", "b1", "c1", "c2"].map(async (name) => {
    const endTurn = await queue.take(name.slice(0, 1), 1000);
    served.push(name);
    endTurn?.();
  });
  first?.();
  await Promise.all(waiting);
  assert.deepEqual(served, ["a1", "b1", "c1", "a2", "c2", "a3"]);
});

test("only one has its turn, and ending it twice lets nobody else in", async () => {
  const queue = new TurnQueue(new VirtualClock());
  const first = await queue.take("a", 1000);
  const second = queue.take("a", 1000);
  let third = false;
  void queue.take("a", 1000).then(() => (third = true));
  first?.();
  first?.();
  await second;
  assert.equal(third, false);
});

test("who has waited too long leaves the line", async () => {
  const clock = new VirtualClock();
  const queue = new TurnQueue(clock);
  const first = await queue.take("a", 1000);
  const impatient = queue.take("b", 10);
  const patient = queue.take("b", 1000);
  clock.advance(10);
  assert.equal(await impatient, undefined);
  first?.();
  (await patient)?.();
  assert.equal(clock.timers, 0);
  assert.notEqual(await queue.take("c", 0), undefined);
});

test("as many have their turn as there are, and no party has more than its part", async () => {
  const queue = new TurnQueue(new VirtualClock(), { turns: 3, perParty: 2 });
  const served: string[] = [];
  const take = async (name: string) => {
    const endTurn = await queue.take(name.slice(0, 1), 1000);
    served.push(name);
    return endTurn;
  };
  const first = await take("a1");
  await take("a2");
  const waiting = [take("a3"), take("a4")];
  await take("b1");
  const late = take("b2");
  assert.deepEqual(served, ["a1", "a2", "b1"]);
  first?.();
  await waiting[0];
  assert.deepEqual(served, ["a1", "a2", "b1", "a3"]);
  (await waiting[0])?.();
  await late;
  assert.deepEqual(served, ["a1", "a2", "b1", "a3", "b2"]);
});
