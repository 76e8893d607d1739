import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { type ErrorCode, type Host, HostError } from "tusk-host";
import type { Clock } from "../../host/core/clock.ts";
import { startHeldServer } from "../kit/held-server.ts";
import { memoryInUse } from "../kit/memory.ts";
import { obedientHost } from "../kit/obedient-host.ts";
import { DO } from "../kit/obedient-plugin.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { VirtualClock } from "tusk-host/testing";

const MB = 2 ** 20;
const LIMITS = { cpuMs: 20, memoryBytes: 4 * MB };

/** The error that a call ends with. */
async function endOf(host: Host, query: string, name = "plugin"): Promise<HostError> {
  try {
    await host.plugin(name).database.executeQuery(query, []);
  } catch (error) {
    if (HostError.is(error)) return error;
    throw error;
  }
  return assert.fail(`${query} was answered`);
}

const DEATHS = [
  [DO.trap, "PLUGIN_TRAPPED"],
  [DO.lament, "PLUGIN_TRAPPED"],
  [DO.spin, "PLUGIN_CPU_LIMIT"],
  [DO.gorge, "PLUGIN_MEMORY_LIMIT"],
  [DO.deepen, "PLUGIN_STACK_OVERFLOW"],
] as const satisfies [string, ErrorCode][];

suite("an instance that dies", () => {
  const folder = temporaryFolder();

  for (const [query, code] of DEATHS) {
    test(`by "${query}" gives its memory back, and a fresh one takes the next call`, async () => {
      await using host = await obedientHost(folder, { plugin: { limits: LIMITS } });
      const { database } = host.plugin("plugin");
      const used = () => host.plugin("plugin").status().memory?.usedBytes ?? NaN;
      const fresh = used();
      for (const count of [1, 2]) assert.equal(await database.executeQuery(DO.count, []), count);
      assert.equal(await database.executeQuery(DO.megabyte, []), 1);
      assert.equal(used(), fresh + MB);
      assert.equal((await endOf(host, query)).code, code);
      assert.equal(used(), 0);
      assert.equal(await database.executeQuery(DO.count, []), 1);
      assert.equal(used(), fresh);
    });
  }

  test("tells by name which of its functions were running", async () => {
    await using host = await obedientHost(folder, { plugin: {} });
    const end = await endOf(host, DO.trap);
    assert.ok(HostError.is(end, "PLUGIN_TRAPPED"));
    assert.deepEqual(end.details.frames.slice(0, 2), ["the_innermost", "the_outermost"]);
    assert.match(end.details.trap, /unreachable/);
  });

  test("is quoted with its last words, which are no other instance's", async () => {
    await using host = await obedientHost(folder, { plugin: {} });
    assert.match((await endOf(host, DO.lament)).message, /Its last words: "it hurts"/);
    assert.doesNotMatch((await endOf(host, DO.trap)).message, /last words/);
  });

  test("for want of memory says how much it had, and how much it may have", async () => {
    await using host = await obedientHost(folder, { plugin: { limits: LIMITS } });
    const end = await endOf(host, DO.gorge);
    assert.ok(HostError.is(end, "PLUGIN_MEMORY_LIMIT"));
    const { usedBytes, limitBytes } = end.details;
    assert.equal(limitBytes, 4 * MB);
    assert.ok(usedBytes <= limitBytes && usedBytes > limitBytes - MB, `${usedBytes} bytes`);
  });

  test("by a fault of a service says so, and the host goes on", async () => {
    const clock: Clock = new VirtualClock();
    const fault = new Error("the clock has stopped");
    const broken: Clock = {
      monotonic: () => clock.monotonic(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
      now: () => {
        throw fault;
      },
    };
    await using host = await obedientHost(folder, { plugin: {}, other: {} }, { clock: broken });
    const end = await endOf(host, DO.now);
    assert.deepEqual([end.code, end.cause], ["SERVICE_FAULT", fault]);
    assert.equal(await host.plugin("plugin").database.executeQuery(DO.count, []), 1);
    assert.equal(await host.plugin("other").database.executeQuery(DO.count, []), 1);
  });
});

suite("a plugin that dies again and again", () => {
  const folder = temporaryFolder();

  test("is left alone for a while, then tried once, and comes back by itself", async () => {
    const clock = new VirtualClock();
    await using host = await obedientHost(folder, { plugin: {}, other: {} }, { clock });
    const circuit = () => host.plugin("plugin").status().circuit;
    for (let death = 1; death <= 5; death++) {
      assert.equal(circuit(), "closed");
      assert.equal((await endOf(host, DO.trap)).code, "PLUGIN_TRAPPED");
    }
    assert.equal(circuit(), "open");
    const end = await endOf(host, DO.echo);
    assert.ok(HostError.is(end, "PLUGIN_CIRCUIT_OPEN"));
    assert.deepEqual(end.details, { plugin: "plugin", deaths: 5, retryInMs: 1_000 });
    assert.equal(host.plugin("other").status().circuit, "closed");
    clock.advance(999);
    assert.equal((await endOf(host, DO.echo)).code, "PLUGIN_CIRCUIT_OPEN");
    clock.advance(1);
    assert.equal(circuit(), "half-open");
    assert.equal((await endOf(host, DO.trap)).code, "PLUGIN_TRAPPED");
    clock.advance(1_999);
    assert.equal((await endOf(host, DO.echo)).code, "PLUGIN_CIRCUIT_OPEN");
    clock.advance(1);
    assert.equal(await host.plugin("plugin").database.executeQuery(DO.count, []), 1);
    assert.equal(circuit(), "closed");
  });

  test("is not one whose callers would not wait for it", async () => {
    await using host = await obedientHost(folder, { plugin: {} });
    const plugin = host.plugin("plugin");
    for (let call = 1; call <= 6; call++) {
      const impatient = plugin.database.executeQuery(DO.spin, [], { timeoutMs: 5 });
      await assert.rejects(impatient, (error) => HostError.is(error, "PLUGIN_TIMEOUT"));
    }
    assert.equal(plugin.status().circuit, "closed");
    assert.equal(await plugin.database.executeQuery(DO.count, []), 1);
  });

  test("is tried by one call only, while others are refused", async () => {
    await using server = await startHeldServer();
    const clock = new VirtualClock();
    await using host = await obedientHost(folder, { plugin: { instances: 4 } }, { clock });
    for (let death = 1; death <= 5; death++) await endOf(host, DO.trap);
    clock.advance(1_000);
    const trial = host.plugin("plugin").database.executeQuery(server.url, []);
    assert.equal((await endOf(host, DO.echo)).code, "PLUGIN_CIRCUIT_OPEN");
    await server.arrived(1);
    server.release();
    assert.equal(await trial, 0);
    assert.equal(await host.plugin("plugin").database.executeQuery(DO.count, []), 2);
  });

  const DEATHS_IN_A_ROW = 5_000;
  test(`${DEATHS_IN_A_ROW} times leaves nothing behind`, async (t) => {
    const clock = new VirtualClock();
    await using host = await obedientHost(folder, { plugin: {} }, { clock });
    const sizes: Size[] = [];
    for (let death = 1; death <= DEATHS_IN_A_ROW; death++) {
      assert.equal((await endOf(host, DO.trap)).code, "PLUGIN_TRAPPED");
      clock.advance(60_000);
      if (death % (DEATHS_IN_A_ROW / 5) === 0) sizes.push(await size());
    }
    for (const { heap, rss, addresses } of sizes) {
      t.diagnostic(`heap ${mb(heap)}, RSS ${mb(rss)}, address space ${mb(addresses)}`);
    }
    const [first, , , , last] = sizes as [Size, Size, Size, Size, Size];
    assert.ok(last.heap - first.heap < 2 * MB, "the heap grows");
    assert.ok(last.rss < first.rss * 1.3, "the process grows");
    // A memory takes 8 GB of addresses or more: 32 TB, if they were not given back. Some wait for the collector.
    assert.ok(last.addresses - first.addresses < 8 * 2 ** 40, "addresses are not given back");
    assert.equal(await host.plugin("plugin").database.executeQuery(DO.count, []), 1);
  });
});

suite("the memory of all instances of a plugin", () => {
  const folder = temporaryFolder();

  test("is limited together, and given back by those that die", async () => {
    await using server = await startHeldServer();
    const limits = { memoryBytes: 4 * MB, totalMemoryBytes: 4 * MB };
    await using host = await obedientHost(folder, { plugin: { instances: 2, limits } });
    const { database } = host.plugin("plugin");
    const memory = () => host.plugin("plugin").status().memory;
    // Both instances are there once both wait.
    const both = [1, 2].map(() => database.executeQuery(server.url, []));
    await server.arrived(2);
    server.release();
    await Promise.all(both);
    const grown = await Promise.all([1, 2, 3, 4, 5, 6].map(() => database.executeQuery(DO.megabyte, [])));
    // In two threads it is open who comes first.
    assert.equal(grown.filter((got) => got === 1).length, 3);
    assert.partialDeepStrictEqual(memory(), { limitBytes: 4 * MB, refusals: 3 });
    assert.ok((memory()?.usedBytes ?? NaN) <= 4 * MB);
    // Two at once, for what one instance gives back may be little: the other may have grown by all three.
    for (const end of await Promise.all([endOf(host, DO.gorge), endOf(host, DO.gorge)])) {
      assert.equal(end.code, "PLUGIN_MEMORY_LIMIT");
    }
    assert.ok((memory()?.usedBytes ?? NaN) < 4 * MB);
    assert.equal(await database.executeQuery(DO.megabyte, []), 1);
  });
});

interface Size {
  readonly heap: number;
  readonly rss: number;
  /** Addresses that are reserved; 0 where the system does not tell. */
  readonly addresses: number;
}

async function size(): Promise<Size> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const addresses = Number(/VmSize:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  return { ...(await memoryInUse()), addresses };
}

const mb = (bytes: number) => `${(bytes / MB).toFixed(0)} MB`;
