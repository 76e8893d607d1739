import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { createHost, type Host, HostError, type PluginHandle } from "tusk-host";
import { parseSettings } from "../../host/config/parse-settings.ts";
import type { Engine, EngineUnderTest } from "../kit/database-engines.ts";
import { fixture, type FixtureName, skipUnlessBuilt } from "../kit/fixtures.ts";

/** What a plugin in any language gets from a database of any kind, by the same SQL. */
export function databaseConformance(language: string, build: FixtureName, engine: Engine): void {
  suite(`a plugin in ${language} on ${engine.title}`, { skip: engine.skip || skipUnlessBuilt(build) }, () => {
    let database: EngineUnderTest;
    let host: Host;
    let plugin: PluginHandle;
    const query = (text: string, ...params: unknown[]) => plugin.database.executeQuery(text, params);
    const sql = (text: string, ...params: unknown[]) => query("sql", text, params);
    const insert = (id: number) => ["INSERT INTO entries (id) VALUES (?)", [id]];
    const ids = async (name = "conformance") =>
      (
        (await host
          .plugin(name)
          .database.executeQuery("sql", ["SELECT id FROM entries ORDER BY id", []])) as {
          id: number;
        }[]
      ).map(({ id }) => id);

    before(async () => {
      database = await engine.start();
      const path = fixture(build);
      const settings = await parseSettings({
        plugins: {
          conformance: {
            path,
            permissions: {
              cache: true,
              database: ["main"],
              "http-client": ["127.0.0.1"],
              mail: ["*@example.com"],
            },
            dependencies: ["nobody?"],
            limits: { timeoutMs: 2_500 },
          },
          reader: {
            path,
            permissions: {
              cache: true,
              database: [{ name: "main", access: "read" }],
              "http-client": ["127.0.0.1"],
              mail: ["*@example.com"],
            },
            dependencies: ["nobody?"],
          },
        },
        databases: { main: database.url },
      });
      host = await createHost({ settings });
      plugin = host.plugin("conformance");
      assert.equal(plugin.status().state, "serving", plugin.status().problem?.message ?? "");
      await plugin.database.createTable(
        "entries",
        `CREATE TABLE entries (id BIGINT PRIMARY KEY, name TEXT UNIQUE, score DOUBLE PRECISION, raw ${engine.bytes})`,
      );
    });

    after(async () => {
      await host?.shutdown();
      await database?.[Symbol.asyncDispose]();
    });

    test("gets back what it stored", async () => {
      const raw = new Uint8Array([0, 1, 255]);
      const entry = [2n ** 62n, "päd 🦣 '; DROP TABLE entries; --", 0.1, raw];
      assert.equal(await query("execute", "INSERT INTO entries VALUES (?, ?, ?, ?)", entry), 1);
      const rows = (await sql("SELECT * FROM entries WHERE id = $1", 2n ** 62n)) as { raw: Uint8Array }[];
      assert.deepEqual(
        rows.map((row) => ({ ...row, raw: [...row.raw] })),
        [{ id: entry[0], name: entry[1], score: entry[2], raw: [...raw] }],
      );
      const named = "SELECT name AS n FROM entries WHERE id = :id AND score = :score";
      assert.deepEqual(await sql(named, { id: 2n ** 62n, score: 0.1 }), [{ n: entry[1] }]);
      assert.equal(
        await query("execute", "DELETE FROM entries WHERE id = ?2 AND score = ?1", [0.1, 2n ** 62n]),
        1,
      );
      assert.deepEqual(await sql("SELECT * FROM entries"), []);
    });

    test("is told what it did wrong", async () => {
      await sql("INSERT INTO entries (id, name) VALUES (1, 'one')");
      const mistakes: [kind: string, text: string, ...params: unknown[]][] = [
        ["conflict", "INSERT INTO entries (id, name) VALUES (2, ?)", "one"],
        ["invalid-input", "SELEKT 1"],
        ["invalid-input", "SELECT * FROM nowhere"],
        ["invalid-input", "SELECT ?", 1, 2],
        ["invalid-input", "SELECT 1; SELECT 2"],
        ["denied", "BEGIN"],
        ["denied", "COMMIT"],
        [
          "limit-exceeded",
          "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10001) SELECT n FROM c",
        ],
      ];
      for (const [kind, text, ...params] of mistakes) {
        await assert.rejects(sql(text, ...params), isError(kind), text);
      }
      await sql("DELETE FROM entries");
    });

    test("sees what it committed, and nothing that it rolled back, dropped, or died in", async () => {
      for (const [id, end] of ["commit", "rollback", "drop"].entries())
        await query("transaction", insert(id), end);
      await assert.rejects(query("transaction", insert(3), "trap"), HostError);
      await assert.rejects(query("transaction", insert(4), insert(4), "commit"), isError("conflict"));
      assert.deepEqual(await ids(), [0]);
      await query("transaction", insert(3), insert(4), "commit");
      assert.deepEqual(await ids(), [0, 3, 4]);
      await sql("DELETE FROM entries");
    });

    test("leaves nothing behind when its time runs out in the middle of a transaction", async () => {
      const dying = query("transaction", insert(1), [engine.endless, []], "commit");
      await assert.rejects(dying, (error) => HostError.is(error, "PLUGIN_TIMEOUT"));
      assert.deepEqual(await ids(), []);
      await query("transaction", insert(1), "commit");
      assert.deepEqual(await ids(), [1]);
      await sql("DELETE FROM entries");
    });

    test("only reads where only that was granted", async () => {
      const reader = host.plugin("reader").database;
      await assert.rejects(reader.executeQuery("execute", insert(1)), isError("denied"));
      await assert.rejects(reader.executeQuery("transaction", [insert(1), "commit"]), isError("denied"));
      assert.deepEqual(await ids(), []);
    });
  });
}

function isError(kind: string) {
  return (error: unknown) => {
    assert.ok(HostError.is(error, "PLUGIN_ERROR"), String(error));
    assert.equal(error.details.kind, kind);
    return true;
  };
}
