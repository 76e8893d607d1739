import assert from "node:assert/strict";
import { chmod, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { suite, test } from "node:test";
import { createHost, type ErrorCode, HostError, loadSettings } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { buildWat } from "../hostile/wat-plugin.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { transactionBuild } from "../kit/transaction-build.ts";

suite("settings that change while plugins serve", () => {
  const folder = temporaryFolder();

  const settingsOf = async (contents: object) =>
    loadSettings(await folder.write("tusk.json", JSON.stringify(contents)));
  const generations = (host: Awaited<ReturnType<typeof createHost>>) =>
    Object.fromEntries(
      host.plugins().map(({ name, generation, state }) => [name, state === "serving" ? generation : state]),
    );

  test("a changed plugin is swapped, an unchanged one untouched, a removed one ended, an added one started", async () => {
    const path = await folder.write("p.wasm", await buildWat({}));
    const before = { same: { path }, changed: { path }, removed: { path }, disabled: { path } };
    await using host = await createHost({ settings: await settingsOf(before) });
    assert.deepEqual(generations(host), { same: 1, changed: 1, removed: 1, disabled: 1 });

    const after = {
      same: { path },
      changed: { path, limits: { timeoutMs: "5s" }, config: { a: 1 } },
      disabled: { path, enabled: false },
      added: { path },
    };
    const events = host.events();
    await host.apply(await settingsOf(after));
    assert.deepEqual(generations(host), { same: 1, changed: 2, added: 1 });
    assert.deepEqual(await host.plugin("changed").database.executeQuery("", [7]), [7]);
    await host.shutdown();
    const told = await Array.fromAsync(events);
    const swapped = told.find(({ type }) => type === "swapped");
    assert.deepEqual(swapped?.type === "swapped" && swapped.changes, [
      { what: "settings", from: "", to: "config, limits" },
    ]);
  });

  test("a plugin that does not take its new settings goes on with the old ones", async () => {
    const path = await folder.write("q.wasm", await buildWat({}));
    await using host = await createHost({ settings: await settingsOf({ q: { path } }) });
    await host.apply(await settingsOf({ q: { path, limits: { memoryBytes: 65_536 } } }));
    assert.equal(host.plugin("q").status().problem?.code, "BINARY_OVER_LIMIT");
    assert.deepEqual(await host.plugin("q").database.executeQuery("", [7]), [7]);
    assert.equal(host.plugin("q").status().memory?.limitBytes, 100 * 2 ** 20);
  });

  test("settings that cannot hold are refused whole", async () => {
    const path = await folder.write("r.wasm", await buildWat({}));
    await using host = await createHost({ settings: await settingsOf({ plugins: { r: { path } } }) });
    const refused: [code: ErrorCode, contents: object][] = [
      [
        "DEPENDENCY_CYCLE",
        { plugins: { r: { path, dependencies: ["s"] }, s: { path, dependencies: ["r"] } } },
      ],
      ["DATABASE_SETTING", { plugins: { s: { path } }, databases: { main: "oracle:x" } }],
      ["KEY_UNREADABLE", { plugins: {}, trust: { keys: { lost: { file: "lost.pub", plugins: ["*"] } } } }],
      ["SETTINGS_FIXED", { plugins: {}, log: { file: "tusk.log" } }],
      ["CACHE_UNSAFE", { plugins: {}, cacheDir: "open" }],
    ];
    await mkdir(join(folder.path, "open"));
    await chmod(join(folder.path, "open"), 0o777);
    for (const [code, contents] of refused) {
      const settings = await settingsOf(contents);
      await assert.rejects(host.apply(settings), (error) => HostError.is(error, code), code);
    }
    assert.deepEqual(generations(host), { r: 1 });
    await host.apply(await settingsOf({ plugins: { r: { path, permissions: { database: ["main"] } } } }));
    assert.deepEqual(generations(host), { r: 2 });
  });

  test("another database swaps those that were granted it, and a transaction in flight ends where it began", async () => {
    const path = await folder.write("w.wasm", await transactionBuild());
    const permissions = { database: ["main"] };
    const plugins = {
      granted: { path, permissions },
      other: { path, permissions: { database: ["second"] } },
    };
    const use = (main: string) =>
      settingsOf({ plugins, databases: { main: `sqlite:${main}.db`, second: "sqlite::memory:" } });
    const ask = (query: string) => host.plugin("granted").database.executeQuery(query, []);
    await using host = await createHost({ settings: await use("one") });
    await ask("bCREATE TABLE t (id INTEGER)");
    await ask("c");
    await ask("bINSERT INTO t VALUES (1)");
    await ask("c");
    const inFlight = ask(
      "bCREATE TABLE u AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000) SELECT n FROM c",
    );
    const events = host.events();
    await host.apply(await use("two"));
    await inFlight;
    assert.deepEqual(generations(host), { granted: 2, other: 1 });
    await ask("bCREATE TABLE t (id INTEGER)");
    await ask("c");
    await host.apply(await use("two"));
    assert.deepEqual(generations(host), { granted: 2, other: 1 });
    await host.shutdown();
    const swapped = (await Array.fromAsync(events)).find(({ type }) => type === "swapped");
    assert.deepEqual(swapped?.type === "swapped" && swapped.changes, [
      { what: "host", from: "", to: "databases" },
    ]);
    assert.deepEqual(tablesIn("one"), [["t", 1]]);
    assert.deepEqual(tablesIn("two"), [["t", 0]]);
  });

  const tablesIn = (name: string) => {
    using database = new DatabaseSync(join(folder.path, `${name}.db`));
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return tables.map(({ name: table }) => [
      table,
      database.prepare(`SELECT count(*) AS n FROM ${String(table)}`).get()?.["n"],
    ]);
  };

  test("a plugin that does not start on another database goes on with the one that it has", async () => {
    const path = await folder.write("x.wasm", await transactionBuild());
    const broken = { database: ["main"] };
    const settings = (main: string, limits: object) =>
      settingsOf({ plugins: { x: { path, permissions: broken, limits } }, databases: { main } });
    await using host = await createHost({ settings: await settings("sqlite::memory:", {}) });
    const ask = (query: string) => host.plugin("x").database.executeQuery(query, []);
    await ask("bCREATE TABLE t (id INTEGER)");
    await ask("c");
    await host.apply(await settings("sqlite:x.db", { memoryBytes: 65_536 }));
    assert.equal(host.plugin("x").status().problem?.code, "BINARY_OVER_LIMIT");
    await ask("bINSERT INTO t VALUES (1)");
    await ask("c");
  });

  test("other threads swap the plugins that live in them, and another folder of compiled plugins none", async () => {
    const path = await folder.write("y.wasm", await buildWat({}));
    const plugins = {
      inline: { path },
      apart: { path, placement: "worker", limits: { memoryBytes: "1MB" } },
    };
    await using host = await createHost({ settings: await settingsOf({ plugins, workers: { threads: 1 } }) });
    await host.apply(await settingsOf({ plugins, workers: { threads: 2, heapBytes: "64MB" } }));
    assert.deepEqual(generations(host), { inline: 1, apart: 2 });
    assert.deepEqual(await host.plugin("apart").database.executeQuery("", [7]), [7]);
    const cacheDir = join(folder.path, "compiled");
    await host.apply(
      await settingsOf({ plugins, workers: { threads: 2, heapBytes: "64MB" }, cacheDir: "compiled" }),
    );
    assert.deepEqual(generations(host), { inline: 1, apart: 2 });
    await host.load(await folder.write("z.wasm", await buildWat({ memory: "3" })));
    assert.ok((await readdir(cacheDir)).some((name) => name.endsWith(".component")));
  });

  test("another folder ends the plugins of the one before that nobody listed, and starts those in it", async () => {
    await folder.write("f1/a.wasm", await buildWat({}));
    const listed = await folder.write("f1/b.wasm", await buildWat({}));
    const trust = { default: "off" };
    const plugins = { b: { path: listed } };
    await using host = await createHost({
      settings: await settingsOf({ plugins, folder: "f1", trust }),
      watch: true,
    });
    assert.deepEqual(generations(host), { a: 1, b: 1 });
    await folder.write("f2/c.wasm", await buildWat({}));
    await host.apply(await settingsOf({ plugins, folder: "f2", trust }));
    assert.deepEqual(generations(host), { b: 1, c: 1 });
    const events = host.events();
    await folder.write("f2/d.wasm", await buildWat({}));
    while (generations(host)["d"] !== 1) await events.next();
    assert.deepEqual(generations(host), { b: 1, c: 1, d: 1 });
  });

  test("what new settings say is secret, and what they refuse, holds for what is started by them", async () => {
    const imports = `(import "tusk:plugin/logger@0.1.0" "log" (func $log (param i32 i32 i32 i32 i32 i32)))`;
    // Logs its settings.
    const initialize = `(call $log (i32.const 2) (local.get $settings) (local.get $settingsLength)
      (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 128)`;
    const path = await folder.write("t.wasm", await buildWat({ imports, initialize }));
    const odd = await folder.write("u.wasm", await buildWat({ fields: "(func $nothing) (start $nothing)" }));
    const log = recordingLog();
    await using host = await createHost({ settings: await settingsOf({ plugins: { t: { path } } }), log });
    const changed = {
      plugins: { t: { path, config: { token: "hunter-two" } }, u: { path: odd } },
      inspection: { refuse: ["start-section"] },
    };
    await host.apply(await settingsOf(changed));
    assert.match(log.entries.at(-1)?.message ?? "", /token.*\[secret\]/);
    assert.ok(!log.entries.some(({ message }) => message.includes("hunter-two")));
    assert.equal(host.plugin("u").status().problem?.code, "FINDING_REFUSED");
  });

  test("the files of new settings are followed, and those of old ones no longer", async () => {
    const [one, two] = await Promise.all([
      folder.write("one.wasm", await buildWat({})),
      folder.write("two.wasm", await buildWat({})),
    ]);
    await using host = await createHost({
      settings: await settingsOf({ p: { path: one } }),
      folder: null,
      watch: true,
    });
    const events = host.events();
    await host.apply(await settingsOf({ p: { path: two } }));
    await folder.write("two.wasm", await buildWat({ memory: "3" }));
    while (host.plugin("p").status().memory?.usedBytes !== 3 * 65_536) await events.next();
    assert.equal(host.plugin("p").status().state, "serving");
  });

  test("a host that is shut down meanwhile follows none of their files afterwards", async () => {
    const watches = () => process.getActiveResourcesInfo().filter((kind) => kind === "FSEventWrap").length;
    const before = watches();
    const path = await folder.write("ending/p.wasm", await buildWat({}));
    const host = await createHost({ settings: await settingsOf({}), folder: null, watch: true });
    const loading = host.events().next();
    const applying = host.apply(await settingsOf({ p: { path } }));
    assert.equal((await loading).value?.type, "loading");
    await host.shutdown();
    await applying;
    assert.equal(watches(), before);
  });
});
