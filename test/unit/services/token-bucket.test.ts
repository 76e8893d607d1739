import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "tusk-host/testing";
import { TokenBucket } from "../../../host/services/token-bucket.ts";

test("as much as the burst may be done at once, and then as much as time brings", () => {
  const clock = new VirtualClock();
  const bucket = new TokenBucket(clock, { burst: 3, perSecond: 2 });
  assert.deepEqual([bucket.take(2), bucket.take(), bucket.take()], [true, true, false]);
  clock.advance(499);
  assert.equal(bucket.take(), false);
  clock.advance(1);
  assert.deepEqual([bucket.take(), bucket.take()], [true, false]);
  clock.advance(60_000);
  assert.deepEqual([bucket.take(3), bucket.take()], [true, false]);
});

test("what is refused takes nothing", () => {
  const bucket = new TokenBucket(new VirtualClock(), { burst: 3, perSecond: 1 });
  assert.deepEqual([bucket.take(4), bucket.take(3)], [false, true]);
});
