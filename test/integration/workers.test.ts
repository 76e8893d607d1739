import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import { createHost, type ErrorCode, HostError } from "tusk-host";
import { parseSettings } from "../../host/config/parse-settings.ts";
import type { Settings } from "../../host/config/settings.ts";
import { quantiles } from "../bench/measure.ts";
import { buildWat } from "../hostile/wat-plugin.ts";
import { fixture } from "../kit/fixtures.ts";
import { startHeldServer } from "../kit/held-server.ts";
import { obedientHost } from "../kit/obedient-host.ts";
import { DO, obedientPlugin } from "../kit/obedient-plugin.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const placement = "worker";
const HTTP = { permissions: { "http-client": ["127.0.0.1"] }, dependencies: ["nobody?"] };
const GRANTED = {
  permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
  dependencies: ["nobody?"],
};

const hasCode = (code: ErrorCode) => (error: unknown) => HostError.is(error, code);

/** Answers with a JSON array of 999,999 empty objects: 60 MB or so in V8's heap. */
const GLUTTON = `
  (drop (memory.grow (i32.const 16)))
  (memory.fill (i32.const 131072) (i32.const 0x80) (i32.const 1000004))
  (i32.store8 (i32.const 131072) (i32.const 0xdd))
  (i32.store (i32.const 131073) (i32.const 0x3f420f00))
  (i32.store8 (i32.const 128) (i32.const 0))
  (i32.store (i32.const 132) (i32.const 131072))
  (i32.store (i32.const 136) (i32.const 1000004))
  (i32.const 128)`;

/** How many threads this process has beside its own, those of the test runner among them. */
function threads(): number {
  return (process.report.getReport() as { workers: readonly unknown[] }).workers.length;
}

suite("a plugin in a worker", () => {
  const folder = temporaryFolder();
  const cacheDir = join(folder.path, "cache");

  /** Afterwards no thread has to be started to compile what these settings name. */
  async function warmCache(settings: Settings): Promise<void> {
    await using host = await createHost({ settings, cacheDir });
    assert.ok(host.plugins().every(({ state }) => state === "serving"));
  }

  test("spins, and the host's event loop turns as if nothing were", async () => {
    await using host = await obedientHost(folder, { plugin: { placement, limits: { cpuMs: 400 } } });
    let spinning = true;
    const spun = assert
      .rejects(host.plugin("plugin").database.executeQuery(DO.spin, []), hasCode("PLUGIN_CPU_LIMIT"))
      .finally(() => (spinning = false));
    const turns: number[] = [];
    while (spinning) {
      const start = performance.now();
      await new Promise((resolve) => setImmediate(resolve));
      turns.push(performance.now() - start);
    }
    await spun;
    // In the host's own thread a turn takes a slice: a millisecond.
    const { median } = quantiles(turns);
    assert.ok(median < 0.5, `a turn takes ${median} ms`);
  });

  test("may be moved there and back while it serves, and keeps its state", async () => {
    const path = fixture("conformance-as");
    const inPlace = (where: "inline" | "worker") =>
      settingsFor({ plugin: { ...GRANTED, path, placement: where } });
    await warmCache(await inPlace("inline"));
    await using host = await createHost({ settings: await inPlace("inline"), cacheDir });
    const { database } = host.plugin("plugin");
    assert.equal(await database.executeQuery("count", []), 1);
    const before = threads();
    await host.apply(await inPlace("worker"));
    assert.equal(threads(), before + 1);
    assert.equal(await database.executeQuery("count", []), 2);
    await host.apply(await inPlace("inline"));
    assert.equal(await database.executeQuery("count", []), 3);
  });

  test("shares threads with others, and there are no more than the settings say", async () => {
    const path = await folder.write("plugin.wasm", await buildWat({}));
    const plugins = { a: { path, placement }, b: { path, placement }, c: { path, placement } } as const;
    const settings = await parseSettings({ plugins, workers: { threads: 2 } });
    await warmCache(settings);
    const before = threads();
    await using host = await createHost({ settings: { ...settings, plugins: {} }, cacheDir });
    const counts: number[] = [];
    for (const plugin of Object.values(settings.plugins)) {
      await host.load(path, plugin);
      counts.push(threads() - before);
    }
    assert.deepEqual(counts, [1, 2, 2]);
    for (const name of Object.keys(plugins)) {
      assert.deepEqual(await host.plugin(name).database.executeQuery("", [name]), [name]);
    }
  });

  test("leaves no thread behind when the host closes, whatever it does then", async () => {
    const before = threads();
    const host = await obedientHost(folder, { pa: { placement, limits: { cpuMs: 50 } }, pb: { placement } });
    assert.ok(threads() > before);
    const spun = assert.rejects(
      host.plugin("pa").database.executeQuery(DO.spin, []),
      hasCode("PLUGIN_CPU_LIMIT"),
    );
    await host.shutdown();
    await spun;
    assert.equal(threads(), before);
  });

  test("does not keep a program going that has nothing more to do", async () => {
    const file = await folder.write("plugin.wasm", await buildWat({}));
    const program = `
      import { createHost, parseSettings } from "tusk-host";
      const settings = await parseSettings({ plugins: { plugin: { path: ${JSON.stringify(file)}, placement: "worker" } } });
      const host = await createHost({ settings });
      console.log(await host.plugin("plugin").database.executeQuery("", [7]));`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", program],
      {
        encoding: "utf8",
        timeout: 60_000,
        cwd: import.meta.dirname,
      },
    );
    assert.deepEqual([status, stdout], [0, "[ 7 ]\n"], stderr);
  });
});

test("a plugin whose answers might not fit into the heap of a worker is not placed in one", async () => {
  const plugins = { plugin: { path: fixture("api"), placement, limits: { memoryBytes: "8MB" } } } as const;
  const settings = await parseSettings({ plugins, workers: { heapBytes: "32MB" } });
  await using host = await createHost({ settings });
  assert.partialDeepStrictEqual(host.plugins(), [
    { state: "failed", problem: { code: "WORKER_HEAP_SMALL" } },
  ]);
});

suite("a worker that runs out of V8's memory", () => {
  const folder = temporaryFolder();

  test("fails the calls that were in it, is replaced, and its plugins come back by themselves", async () => {
    await using server = await startHeldServer();
    const path = await folder.write("obedient.wasm", await obedientPlugin());
    const glutton = await folder.write("glutton.wasm", await buildWat({ query: GLUTTON }));
    const limits = { memoryBytes: "4MB" };
    await using host = await createHost({
      settings: await parseSettings({
        plugins: {
          glutton: { path: glutton, placement, limits },
          busy: { ...HTTP, path, placement, limits },
          idle: { ...HTTP, path, placement, limits },
          inline: { ...HTTP, path },
        },
        workers: { threads: 1, heapBytes: "32MB" },
      }),
    });
    const [busy, idle, inline] = ["busy", "idle", "inline"].map((name) => host.plugin(name).database);
    assert.ok(busy && idle && inline);
    for (const count of [1, 2]) assert.equal(await idle.executeQuery(DO.count, []), count);
    const waiting = [busy, inline].map((database) => database.executeQuery(server.url, []));
    await server.arrived(2);

    const lost = assert.rejects(waiting[0] as Promise<unknown>, hasCode("PLUGIN_WORKER_LOST"));
    await assert.rejects(host.plugin("glutton").database.executeQuery("", []), (error) => {
      assert.ok(HostError.is(error, "PLUGIN_WORKER_LOST"), String(error));
      assert.match(error.message, /"glutton".*database-plugin\.execute-query.*memory/);
      return true;
    });
    await lost;
    assert.partialDeepStrictEqual(host.plugin("idle").status(), {
      memory: { usedBytes: 0 },
      traffic: { instances: 0, failures: 0 },
    });

    await server.emptied(1);
    server.release();
    assert.equal(await waiting[1], 0, "in the host's thread nothing has happened");
    for (const database of [busy, idle]) assert.equal(await database.executeQuery(DO.count, []), 1);
    assert.partialDeepStrictEqual(host.plugin("idle").status().traffic, { instances: 1, failures: 0 });
  });
});

test("a plugin that goes on to ask although a service of its failed does not hold up its worker", async () => {
  const folder = temporaryFolder();
  const logs = `
    (loop $again
      (call $log (i32.const 2) (i32.const 512) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0))
      (br $again))
    (i32.const 128)`;
  const imports = `(import "tusk:plugin/logger@0.1.0" "log" (func $log (param i32 i32 i32 i32 i32 i32)))`;
  const path = await folder.write("logs.wasm", await buildWat({ imports, query: logs }));
  const fault = new Error("the disk is full");
  await using host = await createHost({
    log: {
      write: () => {
        throw fault;
      },
    },
    settings: await parseSettings({
      plugins: {
        logs: { path, placement },
        other: { path: await folder.write("o.wasm", await buildWat({})), placement },
      },
      workers: { threads: 1 },
    }),
  });
  await assert.rejects(host.plugin("logs").database.executeQuery("", []), {
    code: "SERVICE_FAULT",
    cause: fault,
  });
  assert.deepEqual(await host.plugin("other").database.executeQuery("", [1]), [1]);
});
