import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { createHost, type Host, HostError } from "tusk-host";
import { parseSettings } from "../../host/config/parse-settings.ts";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { skipUnlessPostgres, startPostgres } from "../kit/postgres-server.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

/** The plugin with these settings, and with the database `main` in memory. */
async function start(plugin: PluginSettingsInput): Promise<Host> {
  const settings = await parseSettings({
    plugins: { postgres: { path: fixture("postgres"), ...plugin } },
    databases: { main: "sqlite::memory:" },
  });
  return createHost({ settings });
}

/** What TuskLang's original asks of its PostgresPlugin. */
async function actsAsTheOriginal(host: Host, backup: string): Promise<string> {
  const { database } = host.plugin("postgres");
  assert.equal(host.plugin("postgres").status().problem?.message, undefined);
  assert.deepEqual(await database.executeQuery("SELECT 1 as test", []), [{ test: 1 }]);
  await database.createTable("test_table", "CREATE TABLE test_table (id INTEGER PRIMARY KEY)");
  await database.executeQuery("INSERT INTO test_table VALUES ($1)", [7]);
  assert.deepEqual(await database.executeQuery("SELECT * FROM test_table", []), [{ id: 7 }]);
  await database.backupDatabase(backup);
  return await readFile(backup, "latin1");
}

suite("the plugin postgres", { skip: skipUnlessBuilt("postgres") }, () => {
  const folder = temporaryFolder();
  const filesystem = [{ path: join(folder.path, "backups"), access: "write" as const }];

  test("does on SQLite what the original did on PostgreSQL", async () => {
    await mkdir(join(folder.path, "backups"), { recursive: true });
    await using host = await start({
      config: { host: "localhost", port: 5432, database: "main", user: "postgres" },
      permissions: { database: ["main"], filesystem },
    });
    const backup = await actsAsTheOriginal(host, join(folder.path, "backups/lite.db"));
    assert.match(backup, /^SQLite format 3/);
  });

  test("takes the original's settings as they stand", { skip: skipUnlessPostgres() }, async () => {
    await mkdir(join(folder.path, "backups"), { recursive: true });
    await using server = await startPostgres();
    await server.query("create database mydb");
    const where = `postgres://127.0.0.1:${server.port}/mydb`;
    await using host = await start({
      config: {
        host: "127.0.0.1",
        port: server.port,
        database: "mydb",
        user: "postgres",
        password: server.password,
        pool_size: 2,
      },
      permissions: { database: [where], filesystem },
    });
    const backup = await actsAsTheOriginal(host, join(folder.path, "backups/mydb.sql"));
    assert.match(backup, /CREATE TABLE public\.test_table/);
    await using strange = await start({
      config: { host: "127.0.0.1", port: server.port, database: "postgres", user: "postgres" },
      permissions: { database: [where] },
    });
    const { problem } = strange.plugin("postgres").status();
    assert.match(problem?.message ?? "", /may not use the database .*postgres:\/\/postgres@127\.0\.0\.1:/);
  });

  test(
    "says that its server is not there, and serves when it is",
    { skip: skipUnlessPostgres() },
    async () => {
      await using server = await startPostgres();
      await using host = await start({
        config: { database: server.url },
        permissions: { database: [server.url] },
      });
      const { database } = host.plugin("postgres");
      await server.kill();
      await assert.rejects(database.executeQuery("SELECT 1", []), (error) => {
        assert.ok(HostError.is(error, "PLUGIN_ERROR"));
        assert.equal(error.details.kind, "unavailable");
        return true;
      });
      await server.start();
      assert.deepEqual(await database.executeQuery("SELECT 1 AS one", []), [{ one: 1 }]);
    },
  );
});
