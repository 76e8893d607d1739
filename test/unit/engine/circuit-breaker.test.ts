import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { CircuitBreaker } from "../../../host/engine/circuit-breaker.ts";
import { VirtualClock } from "tusk-host/testing";

function createBreaker(deaths = 0): { breaker: CircuitBreaker; clock: VirtualClock } {
  const clock = new VirtualClock();
  const breaker = new CircuitBreaker("plugin", clock);
  for (let death = 1; death <= deaths; death++) breaker.died();
  return { breaker, clock };
}

/** How long it says that it stays open. */
function retryInMs(breaker: CircuitBreaker): number {
  try {
    breaker.admit();
  } catch (error) {
    if (HostError.is(error, "PLUGIN_CIRCUIT_OPEN")) return error.details.retryInMs;
    throw error;
  }
  return assert.fail("it is not open");
}

test("it opens after five deaths in a row, not four", () => {
  const { breaker } = createBreaker(4);
  assert.equal(breaker.state, "closed");
  breaker.admit();
  breaker.died();
  assert.equal(breaker.state, "open");
  assert.equal(retryInMs(breaker), 1_000);
});

test("an answer between deaths begins the count anew", () => {
  const { breaker } = createBreaker(4);
  breaker.succeeded();
  for (let death = 1; death <= 4; death++) breaker.died();
  assert.equal(breaker.state, "closed");
});

test("a call that came to nothing neither counts as a death nor forgives one", () => {
  const { breaker } = createBreaker(4);
  for (let call = 1; call <= 10; call++) breaker.withdrawn();
  assert.equal(breaker.state, "closed");
  breaker.died();
  assert.equal(breaker.state, "open");
});

test("each pause is twice as long as the one before, up to a minute", () => {
  const { breaker, clock } = createBreaker(4);
  const pauses = Array.from({ length: 9 }, () => {
    breaker.died();
    const pause = retryInMs(breaker);
    clock.advance(pause);
    breaker.admit();
    return pause;
  });
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test("after the pause one call decides, and no other is let through until it has", () => {
  const { breaker, clock } = createBreaker(5);
  clock.advance(999);
  assert.equal(breaker.state, "open");
  clock.advance(1);
  assert.equal(breaker.state, "half-open");
  breaker.admit();
  assert.equal(breaker.state, "open");
  assert.equal(retryInMs(breaker), 0);
  breaker.succeeded();
  assert.equal(breaker.state, "closed");
  breaker.died();
  assert.equal(breaker.state, "closed");
});

test("a trial that came to nothing leaves it to the next call", () => {
  const { breaker, clock } = createBreaker(5);
  clock.advance(1_000);
  breaker.admit();
  breaker.withdrawn();
  assert.equal(breaker.state, "half-open");
  breaker.admit();
  breaker.died();
  assert.equal(retryInMs(breaker), 2_000);
});
