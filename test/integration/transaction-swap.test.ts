import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createHost, type Host, HostError, type Settings } from "tusk-host";
import { type Engine, ENGINES } from "../kit/database-engines.ts";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { transactionBuild } from "../kit/transaction-build.ts";

for (const engine of ENGINES) {
  const skip = engine.skip || skipUnlessBuilt("conformance-rust");
  suite(`a plugin that is swapped in a transaction on ${engine.title}`, { skip }, () => {
    const folder = temporaryFolder();

    /** Beside the plugin there is another on the same database, which sees what is in it, and waits for its locks. */
    const swapping = async (
      name: string,
      act: (host: Host, swap: () => Promise<void>, settings: Settings) => Promise<void>,
    ) => {
      await using database = await engine.start();
      const path = await folder.write(`${name}/p.wasm`, await transactionBuild());
      const permissions = { database: ["main"] };
      const settings = await settingsFor(
        {
          p: { path, permissions },
          witness: {
            path: fixture("conformance-rust"),
            permissions: { ...permissions, cache: true, "http-client": ["127.0.0.1"], mail: ["*"] },
            dependencies: ["nobody?"],
          },
        },
        { databases: { main: database.url } },
      );
      await using host = await createHost({ settings, folder: null });
      await execute(host, "CREATE TABLE t (id BIGINT PRIMARY KEY)");
      await act(
        host,
        async () => {
          await folder.write(`${name}/p.wasm`, await transactionBuild(3));
          await host.reload("p");
          assert.equal(host.plugin("p").status().generation, 2);
        },
        settings,
      );
      await host.unload("p");
      assert.deepEqual(await leftOpen(engine, host), []);
    };

    test("between two calls of it: it is rolled back, and leaves no lock", () =>
      swapping("between", async (host, swap) => {
        await query(host, "bINSERT INTO t VALUES (1)");
        await swap();
        // Waits for the lock, if there is one: until the old generation has ended.
        await execute(host, "INSERT INTO t VALUES (1)");
        assert.deepEqual(await ids(host), [1]);
        // What is new knows nothing of it.
        await assert.rejects(query(host, "c"), (error) => HostError.is(error, "PLUGIN_ANSWER_INVALID"));
      }));

    test("that is committed before: it stays", () =>
      swapping("committed", async (host, swap) => {
        await query(host, "bINSERT INTO t VALUES (2)");
        await query(host, "c");
        await swap();
        assert.deepEqual(await ids(host), [2]);
      }));

    test("that a call begins and ends which was accepted before: it is committed", () =>
      swapping("accepted", async (host, _swap, { plugins }) => {
        const rows = Array.from({ length: 50 }, (_, id) => [`INSERT INTO t VALUES (${id + 10})`, []]);
        const accepted = host.plugin("witness").database.executeQuery("transaction", [...rows, "commit"]);
        assert.ok(plugins["witness"]);
        const witness = plugins["witness"];
        await host.load(witness.path, { ...witness, healthCheckMs: 1_000 });
        await accepted;
        assert.equal(host.plugin("witness").status().generation, 2);
        assert.equal((await ids(host)).length, 50);
      }));
  });
}

const query = (host: Host, text: string) => host.plugin("p").database.executeQuery(text, []);

const execute = (host: Host, sql: string) =>
  host.plugin("witness").database.executeQuery("execute", [sql, []]);

async function ids(host: Host): Promise<unknown[]> {
  const rows = await host
    .plugin("witness")
    .database.executeQuery("sql", ["SELECT id FROM t ORDER BY id", []]);
  return (rows as { id: number }[]).map(({ id }) => id);
}

/** What the server knows of transactions that nobody ends; SQLite has none, or the table could not be written to. */
async function leftOpen({ title }: Engine, host: Host): Promise<unknown> {
  await execute(host, "DELETE FROM t");
  if (title === "SQLite") return [];
  const open = "SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
  return host.plugin("witness").database.executeQuery("sql", [open, []]);
}
