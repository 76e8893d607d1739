import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { runInCall } from "../../../host/engine/call-chain.ts";
import type { CallLimits } from "../../../host/engine/guard.ts";
import type { Instance } from "../../../host/engine/instance.ts";
import { InstancePool } from "../../../host/engine/pool.ts";

/** What a pool sees of an instance. */
class StandIn implements Disposable {
  dead = false;
  disposed = 0;
  fuelUsed = 0n;

  [Symbol.dispose](): void {
    this.disposed++;
  }
}

interface Calls {
  readonly pool: InstancePool;
  readonly made: StandIn[];
  /** A call that lasts until it is ended; it gets the number of its instance. */
  readonly call: (limits?: Partial<CallLimits>) => Call;
}

interface Call {
  readonly answer: Promise<number>;
  /** Ends the call, and the instance with it if it is to die. */
  readonly end: (dies?: "dies") => void;
}

function createPool(
  instances: number,
  queueLength = 100,
  create = () => new StandIn(),
  plugin = "plugin",
): Calls {
  const made: StandIn[] = [];
  const pool = new InstancePool({
    plugin,
    instances,
    queueLength,
    create: async () => {
      const instance = create();
      made.push(instance);
      // The pool needs no more of it than a stand-in has.
      return Promise.resolve(instance as unknown as Instance);
    },
  });
  const call = (limits: Partial<CallLimits> = {}): Call => {
    const { promise, resolve } = Promise.withResolvers<"dies" | undefined>();
    const answer = pool.run({ ...LIMITS, ...limits }, async (instance) => {
      const standIn = instance as unknown as StandIn;
      if ((await promise) === "dies") standIn.dead = true;
      return made.indexOf(standIn);
    });
    return { answer, end: resolve };
  };
  return { pool, made, call };
}

/** A call that waits for what `next` does: other calls, perhaps. */
function runWaiting<T>(
  pool: InstancePool,
  limits: CallLimits,
  next: (limits: CallLimits) => Promise<T>,
): Promise<T> {
  return pool.run(limits, (_, bounded) => runInCall(bounded.chain, () => next(bounded)));
}

const LIMITS: CallLimits = { deadline: Infinity, timeoutMs: 2 ** 31 - 1, cpuMs: 1 };
const LATER = performance.now() + 2 ** 30;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("instances are made when they are needed, and no more than there may be", async () => {
  const { pool, made, call } = createPool(2);
  assert.equal(made.length, 0);
  const calls = [call(), call(), call({ deadline: LATER })];
  await turn();
  assert.deepEqual(pool.load, { busy: 3, waiting: 1, instances: 2 });
  for (const { end } of calls) end();
  assert.deepEqual(await Promise.all(calls.map(({ answer }) => answer)), [0, 1, 0]);
  assert.deepEqual(pool.load, { busy: 0, waiting: 0, instances: 2 });
});

test("fuel that calls used counts when their instance has died, and what was used to make one does not", async () => {
  const { pool, made, call } = createPool(1, 100, () => Object.assign(new StandIn(), { fuelUsed: 100n }));
  const dying = call();
  await turn();
  for (const instance of made) instance.fuelUsed += 7n;
  assert.equal(pool.fuelUsed, 7n);
  dying.end("dies");
  await dying.answer;
  const next = call();
  await turn();
  assert.equal(made.length, 2);
  for (const instance of made.slice(1)) instance.fuelUsed += 5n;
  assert.equal(pool.fuelUsed, 12n);
  next.end();
  await next.answer;
  pool.close();
  assert.equal(pool.fuelUsed, 12n);
});

test("calls that wait are served in the order in which they came", async () => {
  const { call } = createPool(1);
  const order: number[] = [];
  const calls = [0, 1, 2, 3].map((i) => {
    const made = call({ deadline: LATER });
    void made.answer.then(() => order.push(i));
    made.end();
    return made.answer;
  });
  await Promise.all(calls);
  assert.deepEqual(order, [0, 1, 2, 3]);
});

test("an instance that died is disposed of, and the call that waits gets another", async () => {
  const { pool, made, call } = createPool(1);
  const [first, second] = [call(), call({ deadline: LATER })];
  first.end("dies");
  second.end();
  assert.deepEqual([await first.answer, await second.answer], [0, 1]);
  assert.deepEqual(
    made.map(({ disposed }) => disposed),
    [1, 0],
  );
  assert.equal(pool.load.instances, 1);
});

test("an instance that cannot be made fails one call, and leaves its place to the next", async () => {
  let fails = true;
  const { pool, call } = createPool(1, 100, () => {
    if (fails) throw new Error("not today");
    return new StandIn();
  });
  const [first, second] = [call(), call({ deadline: LATER })];
  second.end();
  await assert.rejects(first.answer, /not today/);
  await assert.rejects(second.answer, /not today/);
  assert.equal(pool.load.instances, 0);
  fails = false;
  const third = call();
  third.end();
  assert.equal(await third.answer, 0);
});

test("a queue that is full refuses, and says how many wait", async () => {
  const { call } = createPool(1, 1);
  const calls = [call(), call({ deadline: LATER })];
  await assert.rejects(call().answer, (error) => {
    assert.ok(HostError.is(error, "PLUGIN_OVERLOADED"));
    assert.deepEqual(error.details, { plugin: "plugin", instances: 1, waiting: 1 });
    return true;
  });
  for (const { end } of calls) end();
  assert.deepEqual(await Promise.all(calls.map(({ answer }) => answer)), [0, 0]);
});

test("a call that leaves the queue, aborted or too late, is not handed an instance", async () => {
  const { pool, call } = createPool(1);
  const controller = new AbortController();
  const { signal } = controller;
  const first = call();
  const aborted = call({ deadline: LATER, signal });
  const late = call({ deadline: performance.now(), timeoutMs: 7, signal });
  const last = call({ deadline: LATER });
  await assert.rejects(late.answer, (error) => {
    assert.ok(HostError.is(error, "PLUGIN_TIMEOUT"));
    assert.deepEqual(error.details, { plugin: "plugin", limitMs: 7, queued: true });
    return true;
  });
  assert.equal(getEventListeners(signal, "abort").length, 1);
  controller.abort("enough");
  await assert.rejects(aborted.answer, { code: "PLUGIN_ABORTED", cause: "enough" });
  assert.equal(getEventListeners(signal, "abort").length, 0);
  first.end();
  last.end();
  assert.deepEqual([await first.answer, await last.answer], [0, 0]);
  assert.deepEqual(pool.load, { busy: 0, waiting: 0, instances: 1 });
});

test("a pool that is closed disposes of what is idle at once, and of what is busy when it comes back", async () => {
  const { pool, made, call } = createPool(2);
  const [first, second] = [call(), call()];
  first.end();
  await first.answer;
  pool.close();
  assert.deepEqual(
    made.map(({ disposed }) => disposed),
    [1, 0],
  );
  const drained = pool.drained();
  second.end();
  await second.answer;
  await drained;
  assert.deepEqual(
    made.map(({ disposed }) => disposed),
    [1, 1],
  );
  await assert.rejects(call().answer, { code: "PLUGIN_STOPPED" });
});

test("an instance that dies while nobody calls it does not count, and is replaced for the next call", async () => {
  const { pool, made, call } = createPool(2);
  const calls = [call(), call()];
  for (const { end } of calls) end();
  await Promise.all(calls.map(({ answer }) => answer));
  for (const instance of made) instance.dead = true;
  assert.deepEqual(pool.load, { busy: 0, waiting: 0, instances: 0 });
  const next = call();
  next.end();
  assert.equal(await next.answer, 2);
  assert.deepEqual(
    made.map(({ disposed }) => disposed),
    [1, 1, 0],
  );
  assert.deepEqual(pool.load, { busy: 0, waiting: 0, instances: 1 });
});

test("of the instances that are there at the end, only those that live are told", async () => {
  const { pool, made, call } = createPool(2);
  const calls = [call(), call()];
  for (const { end } of calls) end();
  await Promise.all(calls.map(({ answer }) => answer));
  for (const instance of made.slice(0, 1)) instance.dead = true;
  const told: unknown[] = [];
  await pool.end((instance) => Promise.resolve(told.push(instance)));
  assert.deepEqual(told, made.slice(1));
});

test("a call that its own plugin waits for is refused if it would have to wait, and holds to the first deadline", async () => {
  const { pool } = createPool(2);
  const within = (limits: Partial<CallLimits>, next: (seen: CallLimits) => Promise<unknown>) =>
    runWaiting(pool, { ...LIMITS, ...limits }, next);
  const deadlines: number[] = [];
  await within({ deadline: LATER }, () =>
    within({ deadline: LATER + 1_000 }, async ({ deadline }) => {
      deadlines.push(deadline);
      await assert.rejects(
        within({}, () => Promise.resolve()),
        { code: "PLUGIN_REENTERED" },
      );
    }),
  );
  assert.deepEqual(deadlines, [LATER]);
  assert.deepEqual(pool.load, { busy: 0, waiting: 0, instances: 2 });
});

test("calls that would wait for each other in two chains are refused at once; others wait", async () => {
  const [a, b] = [createPool(1, 100, () => new StandIn(), "a"), createPool(1, 100, () => new StandIn(), "b")];
  const run = (calls: Calls, next: () => Promise<unknown>) => runWaiting(calls.pool, LIMITS, next);
  const bothInside = Promise.withResolvers<void>();
  const first = run(a, async () => {
    await bothInside.promise;
    return run(b, async () => "first");
  });
  const second = run(b, async () => {
    bothInside.resolve();
    // The first one waits for this one by then.
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(
      run(a, async () => "second"),
      { code: "PLUGIN_REENTERED" },
    );
    return "refused";
  });
  const outside = run(a, async () => "outside");
  assert.deepEqual(await Promise.all([first, second, outside]), ["first", "refused", "outside"]);
});

test("a call that its own plugin waits for waits for an instance that another call has", async () => {
  const { pool, call } = createPool(2);
  const other = call();
  const inner = runWaiting(pool, LIMITS, () => pool.run(LIMITS, async () => "inner"));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(pool.load.waiting, 1);
  other.end();
  assert.equal(await inner, "inner");
});

test("a call that runs out of its caller's time says whose time it was", async () => {
  const [a, b] = [createPool(1, 100, () => new StandIn(), "a"), createPool(1, 100, () => new StandIn(), "b")];
  const busy = b.call();
  const short = { deadline: performance.now() + 5, timeoutMs: 5 };
  await assert.rejects(
    runWaiting(a.pool, { ...LIMITS, ...short }, () => b.pool.run(LIMITS, async () => undefined)),
    (error) => {
      assert.ok(HostError.is(error, "PLUGIN_TIMEOUT"));
      assert.deepEqual(error.details, { plugin: "b", limitMs: 5, queued: true, caller: "a" });
      assert.match(
        error.message,
        /^Plugin "b" was busy with other calls when the 5 ms of plugin "a" were over/,
      );
      return true;
    },
  );
  busy.end();
  await busy.answer;
});
