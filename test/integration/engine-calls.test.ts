import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { suite, test } from "node:test";
import { type ErrorCode, HostError } from "tusk-host";
import { startHeldServer } from "../kit/held-server.ts";
import { obedientHost } from "../kit/obedient-host.ts";
import { DO } from "../kit/obedient-plugin.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

/** What an error of this code looks like, with these details. */
const code =
  (expected: ErrorCode, details: Readonly<Record<string, unknown>> = {}) =>
  (error: unknown) => {
    assert.ok(HostError.is(error), String(error));
    assert.equal(error.code, expected, error.message);
    assert.partialDeepStrictEqual(error.details, details);
    return true;
  };

suite("a call that is aborted", () => {
  const folder = temporaryFolder();

  test("ends while it computes", async () => {
    await using host = await obedientHost(folder, { plugin: {} });
    const plugin = host.plugin("plugin");
    const { database } = plugin;
    const controller = new AbortController();
    const reason = new Error("nobody waits for it any more");
    const call = database.executeQuery(DO.spin, [], { signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await assert.rejects(call, (error: HostError) => error.cause === reason && code("PLUGIN_ABORTED")(error));
    assert.equal(await database.executeQuery(DO.count, []), 1, "a fresh instance");
    assert.equal(plugin.status().circuit, "closed");
  });

  test("ends while it waits for a service", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { plugin: {} });
    const plugin = host.plugin("plugin");
    const { database } = plugin;
    const controller = new AbortController();
    const call = database.executeQuery(server.url, [], { signal: controller.signal });
    await server.arrived(1);
    controller.abort();
    await assert.rejects(call, code("PLUGIN_ABORTED"));
    assert.equal(plugin.status().traffic?.busy, 0);
    // The service was told, and has hung up.
    await server.emptied(0);
    assert.equal(await database.executeQuery(DO.count, []), 1, "a fresh instance");
  });

  test("ends while it is queued, and the call before it goes on", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { plugin: {} });
    const plugin = host.plugin("plugin");
    const { database } = plugin;
    const controller = new AbortController();
    const first = database.executeQuery(server.url, []);
    await server.arrived(1);
    const queued = database.executeQuery(DO.echo, [], { signal: controller.signal });
    controller.abort();
    await assert.rejects(queued, code("PLUGIN_ABORTED"));
    assert.equal(plugin.status().traffic?.waiting, 0);
    server.release();
    assert.equal(await first, 0);
    assert.equal(await database.executeQuery(DO.count, []), 2, "the same instance");
  });

  test("ends while an instance is made for it", async () => {
    await using host = await obedientHost(folder, { plugin: {} });
    const { database } = host.plugin("plugin");
    await assert.rejects(database.executeQuery(DO.trap, []), code("PLUGIN_TRAPPED"));
    const controller = new AbortController();
    const call = database.executeQuery(DO.spin, [], { signal: controller.signal });
    controller.abort();
    await assert.rejects(call, code("PLUGIN_ABORTED"));
    assert.equal(await database.executeQuery(DO.count, []), 1);
  });

  test("ends while its instance waits to be initialised", async () => {
    await using server = await startHeldServer();
    const starting = obedientHost(folder, { plugin: { config: { url: server.url } } });
    await server.arrived(1);
    server.release();
    await using host = await starting;
    const { database } = host.plugin("plugin");
    await assert.rejects(database.executeQuery(DO.trap, []), code("PLUGIN_TRAPPED"));
    const controller = new AbortController();
    const call = database.executeQuery(DO.echo, [], { signal: controller.signal });
    await server.arrived(1);
    controller.abort();
    await assert.rejects(call, code("PLUGIN_ABORTED"));
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    const late = database.executeQuery(DO.echo, [], { timeoutMs: 60 });
    await assert.rejects(late, code("PLUGIN_TIMEOUT", { limitMs: 60 }));
    // The instance is made all the same, for whoever comes next.
    const next = database.executeQuery(DO.count, []);
    server.release();
    assert.equal(await next, 1);
  });

  test("ends what it called by way of its peers, too", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { pa: { dependencies: ["pb?"] }, pb: {} });
    const controller = new AbortController();
    const call = host
      .plugin("pa")
      .database.executeQuery("pb", [server.url, []], { signal: controller.signal });
    await server.arrived(1);
    controller.abort();
    await assert.rejects(call, code("PLUGIN_ABORTED", { plugin: "pa" }));
    // It would wait behind the call that nobody waits for any more, if that were still there.
    assert.equal(await host.plugin("pb").database.executeQuery(DO.count, [], { timeoutMs: 5_000 }), 1);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("is not even begun if it was aborted before", async () => {
    await using host = await obedientHost(folder, { plugin: {} });
    const plugin = host.plugin("plugin");
    const { database } = plugin;
    await assert.rejects(
      database.executeQuery(DO.spin, [], { signal: AbortSignal.abort() }),
      code("PLUGIN_ABORTED"),
    );
    assert.equal(plugin.status().traffic?.calls, 0);
    assert.equal(await database.executeQuery(DO.count, []), 1);
  });

  test("leaves no listener on a signal that lives on, however the call ended", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { plugin: { limits: { cpuMs: 20 } } });
    const { database } = host.plugin("plugin");
    const { signal } = new AbortController();
    const waiting = database.executeQuery(server.url, [], { signal });
    await server.arrived(1);
    const queued = [DO.echo, DO.trap, DO.spin, DO.deepen, DO.echo].map((query) =>
      database.executeQuery(query, [], { signal }),
    );
    queued.push(database.executeQuery(DO.echo, [], { signal, timeoutMs: 1 }));
    await assert.rejects(Promise.any(queued.slice(-1)));
    assert.equal(getEventListeners(signal, "abort").length, 6);
    server.release();
    await Promise.allSettled([waiting, ...queued]);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});

/** Long enough for the plugin to start, which is held to it, too. */
const LIMIT_MS = 300;

suite("the time that a call may take", () => {
  const folder = temporaryFolder();

  test("holds while it waits for a service", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { plugin: { limits: { timeoutMs: LIMIT_MS } } });
    const { database } = host.plugin("plugin");
    await assert.rejects(
      database.executeQuery(server.url, []),
      code("PLUGIN_TIMEOUT", { limitMs: LIMIT_MS }),
    );
    assert.equal(await database.executeQuery(DO.count, []), 1, "a fresh instance");
  });

  test("holds while it computes", async () => {
    await using host = await obedientHost(folder, { plugin: { limits: { timeoutMs: LIMIT_MS } } });
    const { database } = host.plugin("plugin");
    await assert.rejects(database.executeQuery(DO.spin, []), code("PLUGIN_TIMEOUT", { limitMs: LIMIT_MS }));
  });

  test("holds while it is queued, and says nothing against the plugin", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { plugin: {} });
    const plugin = host.plugin("plugin");
    const { database } = plugin;
    const first = database.executeQuery(server.url, []);
    await server.arrived(1);
    const late = Array.from({ length: 6 }, () => database.executeQuery(DO.echo, [], { timeoutMs: 5 }));
    // All at once: one that is late while another is looked at would be a rejection that nobody handles.
    await Promise.all(late.map((call) => assert.rejects(call, code("PLUGIN_TIMEOUT", { limitMs: 5 }))));
    server.release();
    assert.equal(await first, 0);
    assert.deepEqual([plugin.status().circuit, plugin.status().traffic?.failures], ["closed", 0]);
  });

  test("may be shortened by the caller, and not be lengthened", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { plugin: { limits: { timeoutMs: LIMIT_MS } } });
    const { database } = host.plugin("plugin");
    for (const [timeoutMs, limitMs] of [
      [20, 20],
      [600_000, LIMIT_MS],
    ] as const) {
      await assert.rejects(
        database.executeQuery(server.url, [], { timeoutMs }),
        code("PLUGIN_TIMEOUT", { limitMs }),
      );
    }
  });

  test("is the caller's for whatever it calls by way of its peers", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, {
      pa: { dependencies: ["pb?"], limits: { timeoutMs: LIMIT_MS } },
      pb: {},
    });
    const [{ database }, callee] = [host.plugin("pa"), host.plugin("pb")];
    await assert.rejects(
      database.executeQuery("pb", [server.url, []]),
      code("PLUGIN_TIMEOUT", { plugin: "pa", limitMs: LIMIT_MS }),
    );
    // It would wait behind the call that nobody waits for any more, if that were still there.
    assert.equal(await callee.database.executeQuery(DO.count, [], { timeoutMs: 5_000 }), 1);
  });
});

suite("an instance", () => {
  const folder = temporaryFolder();

  test("takes one call at a time", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { plugin: {} });
    const { database } = host.plugin("plugin");
    // The plugin traps when it is entered while it waits.
    const calls = Array.from({ length: 8 }, () => database.executeQuery(server.url, []));
    for (let answered = 0; answered < calls.length; answered++) {
      await server.arrived(1);
      assert.equal(server.held, 1);
      server.release();
    }
    assert.deepEqual(await Promise.all(calls), Array(8).fill(0));
    assert.equal(await database.executeQuery(DO.count, []), 9);
  });

  test("works beside three others if there may be four", async () => {
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { plugin: { instances: 4 } });
    const plugin = host.plugin("plugin");
    const { database } = plugin;
    const calls = Array.from({ length: 8 }, () => database.executeQuery(server.url, []));
    for (const waiting of [4, 0]) {
      await server.arrived(4);
      assert.equal(server.held, 4);
      assert.partialDeepStrictEqual(plugin.status().traffic, { instances: 4, waiting });
      server.release();
    }
    assert.deepEqual(await Promise.all(calls), Array(8).fill(0));
  });

  for (const queueLength of [0, 1]) {
    test(`refuses what comes after ${queueLength} waiting calls if no more may wait`, async () => {
      await using server = await startHeldServer();
      await using host = await obedientHost(folder, { plugin: { limits: { queueLength } } });
      const plugin = host.plugin("plugin");
      const { database } = plugin;
      const first = database.executeQuery(server.url, []);
      await server.arrived(1);
      const queued = Array.from({ length: queueLength }, () => database.executeQuery(DO.count, []));
      await assert.rejects(
        database.executeQuery(DO.echo, []),
        code("PLUGIN_OVERLOADED", { instances: 1, waiting: queueLength }),
      );
      server.release();
      assert.deepEqual(await Promise.all([first, ...queued]), [0, 2].slice(0, 1 + queueLength));
      assert.equal(plugin.status().circuit, "closed");
    });
  }

  test("that dies is replaced for the call that is queued behind it", async () => {
    await using host = await obedientHost(folder, { plugin: { limits: { cpuMs: 20 } } });
    const { database } = host.plugin("plugin");
    const [spun, trapped, counted] = [DO.spin, DO.trap, DO.count].map((q) => database.executeQuery(q, []));
    await assert.rejects(spun as Promise<unknown>, code("PLUGIN_CPU_LIMIT"));
    await assert.rejects(trapped as Promise<unknown>, code("PLUGIN_TRAPPED"));
    assert.equal(await counted, 1);
  });
});

suite("a plugin that is called by what it called", () => {
  const folder = temporaryFolder();
  const plugins = (instances: number) => ({
    pa: { dependencies: ["pb?"], instances },
    pb: { dependencies: ["pa?"], instances },
  });
  /** The first calls the second, and that the first again. */
  const ROUND = ["pa", [DO.echo, [7]]];

  test("answers by another instance", async () => {
    await using host = await obedientHost(folder, plugins(2));
    assert.deepEqual(await host.plugin("pa").database.executeQuery("pb", ROUND), [7]);
    assert.equal(host.plugin("pa").status().traffic?.instances, 2);
  });

  test("refuses if there is none, and goes on", async () => {
    await using host = await obedientHost(folder, plugins(1));
    const { database } = host.plugin("pa");
    await assert.rejects(
      database.executeQuery("pb", ROUND),
      code("PLUGIN_ERROR", { plugin: "pa", kind: "unavailable" }),
    );
    for (const name of ["pa", "pb"]) {
      assert.equal(await host.plugin(name).database.executeQuery(DO.count, []), 2, "the same instance");
    }
  });

  test("refuses if all its instances wait for each other, rather than wait with them", async () => {
    await using host = await obedientHost(folder, plugins(2));
    const { database } = host.plugin("pa");
    const calls = await Promise.allSettled(
      Array.from({ length: 6 }, () => database.executeQuery("pb", ROUND)),
    );
    for (const call of calls) {
      if (call.status === "fulfilled") assert.deepEqual(call.value, [7]);
      else code("PLUGIN_ERROR", { kind: "unavailable" })(call.reason);
    }
    assert.deepEqual(await database.executeQuery("pb", ROUND), [7]);
  });
});
