import assert from "node:assert/strict";
import { test } from "node:test";
import { Turnstile } from "../../../host/engine/turnstile.ts";

const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

test("one goes on in each turn of the event loop, in the order in which they came", async () => {
  const turnstile = new Turnstile();
  const passed: number[] = [];
  for (const guest of [1, 2, 3]) void turnstile.turn().then(() => passed.push(guest));
  const seen: number[][] = [];
  for (let turn = 0; turn < 4; turn++) {
    await turnOfTheLoop();
    seen.push([...passed]);
  }
  assert.deepEqual(seen, [[1], [1, 2], [1, 2, 3], [1, 2, 3]]);
});

test("who comes back at once stands behind those who wait", async () => {
  const turnstile = new Turnstile();
  const passed: string[] = [];
  const guest = async (name: string, turns: number) => {
    for (let turn = 0; turn < turns; turn++) {
      await turnstile.turn();
      passed.push(name);
    }
  };
  await Promise.all([guest("a", 3), guest("b", 3), guest("c", 1)]);
  assert.equal(passed.join(""), "abcabab");
});

test("it works again after nobody came for a while", async () => {
  const turnstile = new Turnstile();
  await turnstile.turn();
  await turnOfTheLoop();
  await turnstile.turn();
});

test("a turn of the event loop has one number, and the next one another", async () => {
  const turnstile = new Turnstile();
  const first = turnstile.loopTurn;
  await Promise.resolve();
  assert.equal(turnstile.loopTurn, first);
  await turnOfTheLoop();
  const second = turnstile.loopTurn;
  assert.notEqual(second, first);
  await turnstile.turn();
  assert.notEqual(turnstile.loopTurn, second);
});
