import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { ServiceHub } from "../../../../host/services/service-hub.ts";
import { type PgBouncer, startPgBouncer } from "../../../kit/pgbouncer.ts";
import { type PostgresServer, skipUnlessPostgres, startPostgres } from "../../../kit/postgres-server.ts";
import { skipUnlessCommand } from "../../../kit/skip-unless-command.ts";
import { type DatabaseUnderTest, databaseSuite } from "./database-suite.ts";
import { createLoggedHub, databasesOf, granted } from "./serve-plugin.ts";

const skip = skipUnlessPostgres() || skipUnlessCommand("pgbouncer", "pgbouncer");

async function createPooled(): Promise<DatabaseUnderTest> {
  const server = await startPostgres();
  const pooler = await startPgBouncer(server);
  const database = { statementMs: 1_000, maxRows: 100 };
  const { hub } = createLoggedHub({
    databases: { main: `${pooler.url}?pooler=transaction` },
    limits: { database },
  });
  return {
    endless: "select count(*) from generate_series(1, 1e12) as n where pg_sleep(0.001) is null",
    connect: (access) => databasesOf(hub, "plugin", { database: [{ name: "main", access }] }).open("main"),
    async [Symbol.asyncDispose]() {
      await hub.close();
      await pooler[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

databaseSuite("a PostgreSQL database behind PgBouncer", createPooled, skip);

suite("PgBouncer", { skip }, () => {
  let server: PostgresServer;
  let pooler: PgBouncer;
  let hub: ServiceHub;

  before(async () => {
    server = await startPostgres();
    pooler = await startPgBouncer(server);
    const databases = { main: `${pooler.url}?pooler=transaction` };
    ({ hub } = createLoggedHub({ databases, limits: { database: { statementMs: 300 } } }));
  });

  after(async () => {
    await hub?.close();
    await pooler?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const open = (plugin: string, access: "read" | "write" = "write") =>
    databasesOf(hub, plugin, { database: [{ name: "main", access }] }).open("main");

  test("lends its sessions to more plugins than it has, each by settings of its own", async () => {
    const readers = await Promise.all(Array.from({ length: 6 }, (_, i) => open(`reader-${i}`, "read")));
    const writer = await open("writer");
    await writer.execute("create table entries (id integer, at timestamptz)", []);
    await writer.execute("insert into entries values (1, '2026-11-23T00:00:00Z')", []);
    await server.query("alter role postgres set timezone = 'Asia/Tokyo'");
    const asked = readers.map(async (reader) => {
      await assert.rejects(reader.execute("insert into entries values (2, now())", []), { kind: "denied" });
      return reader.query("select at from entries where id = $1", [1]);
    });
    const [sixth] = (await Promise.all(asked)).toReversed();
    assert.deepEqual(sixth, [{ at: "2026-11-23T00:00:00Z" }]);
    const transaction = await writer.begin();
    await transaction.execute("insert into entries values (3, now())", []);
    await transaction.commit();
    assert.deepEqual(await writer.query("select id from entries order by id", []), [{ id: 1 }, { id: 3 }]);
  });

  test("gives nobody what another has left: neither temporary tables nor locks", async () => {
    const [one, two] = [await open("one"), await open("two")];
    for (let i = 0; i < 4; i++) {
      await one.execute("create temp table left_behind (id integer)", []);
      await one.query("select pg_advisory_lock(7)", []);
      await assert.rejects(two.query("select * from left_behind", []), { kind: "invalid-input" });
      assert.deepEqual(await two.query("select pg_try_advisory_lock(7) as free", []), [{ free: true }]);
    }
  });

  test("stops a statement over its time, and serves the next", async () => {
    const slow = await open("slow");
    await assert.rejects(slow.query("select pg_sleep(60)", []), { kind: "timeout" });
    assert.deepEqual(await slow.query("select 1 as one", []), [{ one: 1 }]);
  });

  test("makes no backups, and says what to do", async () => {
    await assert.rejects((await open("saver")).backup("/anywhere"), {
      kind: "unsupported",
      message: /pooler.*Name the server itself/,
    });
  });

  test("that its URL does not call a pooler is refused, also where it swallows what it does not know", async () => {
    await using silent = await startPgBouncer(server, ["ignore_startup_parameters = options"]);
    for (const { url } of [pooler, silent]) {
      const { hub: other, log } = createLoggedHub({ databases: { main: url } });
      await assert.rejects(databasesOf(other, "plugin", granted("main")).open("main"), {
        kind: "unavailable",
      });
      assert.match(log[0]?.message ?? "", /keeps no settings of a session.*pooler=transaction/);
      await other.close();
    }
  });
});
