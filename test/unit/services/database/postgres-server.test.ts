import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { DatabaseConnection } from "../../../../host/component/contract/services.ts";
import type { ServiceError } from "../../../../host/component/contract/service-error.ts";
import { skipUnlessPostgres } from "../../../kit/postgres-server.ts";
import { databasesOf } from "./serve-plugin.ts";
import { type ServedPostgres, servePostgres } from "./served-postgres.ts";

const ACTIVE =
  "select pid from pg_stat_activity where application_name like 'tusk-host%' and state = 'active'";
const OPEN_TRANSACTIONS =
  "select pid from pg_stat_activity where application_name like 'tusk-host%' and xact_start is not null";

suite("connections to a PostgreSQL server", { skip: skipUnlessPostgres() }, () => {
  let postgres: ServedPostgres;
  let connection: DatabaseConnection;

  const rowsOf = (sql: string) => postgres.server.query(sql);

  /** Asks until there are none: what the host does not wait for, the server does in its own time. */
  async function until(sql: string, count: number): Promise<void> {
    for (let rows = await rowsOf(sql); rows.length !== count;) rows = await rowsOf(sql);
  }

  before(async () => {
    postgres = await servePostgres({
      statementMs: 1_000,
      maxResultBytes: 100_000,
      maxConnections: 20,
      maxServerConnections: 4,
      maxPluginServerConnections: 2,
    });
    connection = await postgres.open("plugin");
    await connection.execute("create table kept (id integer primary key, word text)", []);
  });

  after(() => postgres[Symbol.asyncDispose]());

  test("a result over the limit is stopped early, however it is large, and its connection with it", async () => {
    const large = [
      "select repeat('x', 20000000)",
      "select generate_series(1, 10000000), repeat('x', 1000)",
      "select decode(repeat('ff', 100001), 'hex')",
    ];
    for (const sql of large) {
      const used = process.memoryUsage.rss();
      await assert.rejects(connection.query(sql, []), { kind: "limit-exceeded" }, sql);
      assert.ok(process.memoryUsage.rss() - used < 50_000_000, sql);
    }
    await assert.rejects(connection.query("select generate_series(1, 10001) as n", []), {
      kind: "limit-exceeded",
      message: /more than 10000 rows/,
    });
    const rows = await connection.query("select decode(repeat('ff', 99000), 'hex') as b", []);
    assert.equal((rows as { b: Uint8Array }[])[0]?.b.length, 99_000);
  });

  test("a statement over its time is cancelled on the server, and the connection goes on", async () => {
    const sleeping = connection.query("select pg_sleep(600)", []);
    await assert.rejects(sleeping, { kind: "timeout", message: /stopped after 1000 ms/ });
    assert.deepEqual(await rowsOf(ACTIVE), []);
    assert.deepEqual(await connection.query("select 1 as one", []), [{ one: 1 }]);
  });

  test("what does not obey loses its connection, and the server ends it", async () => {
    await rowsOf(
      `create or replace function stubborn() returns void language plpgsql as $$
       begin loop begin perform pg_sleep(600); exception when query_canceled then null; end; end loop; end $$`,
    );
    await assert.rejects(connection.query("select stubborn()", []), { kind: "timeout" });
    await until("select pid from pg_stat_activity where query = 'select stubborn()'", 0);
    assert.deepEqual(await connection.query("select 1 as one", []), [{ one: 1 }]);
  });

  test("a plugin that opens and holds what it can get does not starve its neighbour", async () => {
    const greedy = postgres.databases("greedy");
    const opened = await Promise.allSettled(Array.from({ length: 100 }, () => greedy.open("main")));
    const connections = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    assert.equal(connections.length, 20);
    for (const result of opened) {
      if (result.status === "rejected") assert.equal(result.reason.kind, "limit-exceeded");
    }
    const begun = Promise.allSettled(connections.map((each) => each.begin()));
    const neighbour = await postgres.open("neighbour");
    for (let i = 0; i < 50; i++) assert.deepEqual(await neighbour.query("select 1 as one", []), [{ one: 1 }]);
    const [held, refused] = [
      (await begun).filter(({ status }) => status === "fulfilled").length,
      (await begun).filter(({ status }) => status === "rejected").length,
    ];
    assert.deepEqual([held, refused], [2, 18]);
    const open = await rowsOf("select pid from pg_stat_activity where application_name like 'tusk-host%'");
    assert.ok(open.length <= 4, `${open.length} connections`);
    await greedy.close();
    assert.deepEqual(await rowsOf(OPEN_TRANSACTIONS), []);
  });

  test("plugins that have a connection each give way to others when there is no room", async () => {
    for (const plugin of ["a", "b", "c", "d", "e", "f"]) {
      const each = await postgres.open(plugin);
      assert.deepEqual(await each.query("select 1 as one", []), [{ one: 1 }]);
    }
    const open = "select pid from pg_stat_activity where application_name like 'tusk-host%'";
    await until(open, 4);
  });

  test("a transaction of a plugin that ends is rolled back, also while a statement of it runs", async () => {
    const databases = postgres.databases("ending");
    const transaction = await (await databases.open("main")).begin();
    await transaction.execute("insert into kept values (100, 'gone')", []);
    const sleeping = assert.rejects(transaction.query("select pg_sleep(600)", []));
    await until(ACTIVE, 1);
    await databases.close();
    await sleeping;
    assert.deepEqual(await rowsOf(OPEN_TRANSACTIONS), []);
    assert.deepEqual(await connection.query("select * from kept where id = 100", []), []);
  });

  test("a server that is killed and comes back under load fails what it was doing, and nothing after", async () => {
    const kinds = new Map<string, number>();
    const count = (kind: string): void => void kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const transaction = await (await postgres.open("holder")).begin();
    await transaction.execute("insert into kept values (200, 'lost')", []);
    const loaders = [await postgres.open("one"), await postgres.open("two")];
    const deadline = Date.now() + 20_000;
    // Until the server is back and answers.
    const load = loaders.map(async (each) => {
      for (let answered = 0; answered < 20;) {
        try {
          await each.query("select count(*) from kept", []);
          count("ok");
          if (kinds.has("unavailable")) answered += 1;
        } catch (error) {
          count((error as ServiceError).kind);
        }
        assert.ok(Date.now() < deadline, JSON.stringify([...kinds]));
      }
    });
    await postgres.server.kill();
    await assert.rejects(connection.query("select 1", []), { kind: "unavailable" });
    // The loss is known by then, or it shows as the commit is sent.
    await assert.rejects(transaction.commit(), ({ kind, message }: ServiceError) =>
      kind === "conflict" ? /connection to the server was lost/.test(message) : kind === "unavailable",
    );
    await assert.rejects(postgres.open("late"), { kind: "unavailable", message: /log says why/ });
    await postgres.server.start();
    await Promise.all(load);
    assert.deepEqual(await connection.query("select id from kept where id = 200", []), []);
    assert.deepEqual([...kinds.keys()].toSorted(), ["ok", "unavailable"]);
    assert.ok(postgres.log.some(({ source, message }) => source === "host" && /ECONNREFUSED/.test(message)));
    assert.ok(postgres.log.every(({ message }) => !message.includes(postgres.server.password)));
  });

  test("a wrong password, and a database that is not there, are unavailable; the log says why", async () => {
    const { hub, server, log } = postgres;
    const wrong = server.url.replace(encodeURIComponent(server.password), "wrong-secret");
    for (const [url, reason] of [
      [wrong, /password authentication failed/],
      [server.urlOf("nowhere"), /database "nowhere" does not exist/],
    ] as const) {
      const databases = databasesOf(hub, "guesser", { database: [{ name: url, access: "write" }] });
      await assert.rejects(databases.open(url), { kind: "unavailable" });
      assert.match(log.at(-1)?.message ?? "", reason);
    }
    assert.ok(log.every(({ message }) => !message.includes("wrong-secret")));
  });

  test("a URL is opened where a grant covers it, for the same user or for any", async () => {
    const { hub, server } = postgres;
    await server.query(`create role ada login password '${server.password}'`);
    const any = `postgres://127.0.0.1:${server.port}/postgres`;
    const open = (granted: string, url: string) =>
      databasesOf(hub, "chooser", { database: [{ name: granted, access: "read" }] }).open(url);
    const who = async (granted: string, url: string) =>
      (await open(granted, url)).query("select current_user::text as who", []);
    const ada = server.urlOf("postgres", "ada");
    assert.deepEqual(await who(any, ada), [{ who: "ada" }]);
    assert.deepEqual(await who(any, `${server.url}?pool_size=1`), [{ who: "postgres" }]);
    assert.deepEqual(await who(`postgres://ada@127.0.0.1:${server.port}/postgres`, ada), [{ who: "ada" }]);
    for (const granted of [
      "*",
      "main",
      `postgres://eve@127.0.0.1:${server.port}/postgres`,
      `postgres://ada@127.0.0.1:${server.port}/other`,
      `postgres://ada@127.0.0.1:${server.port + 1}/postgres`,
      `postgres://ada@localhost:${server.port}/postgres`,
    ]) {
      await assert.rejects(open(granted, ada), (error: Error & { kind: string }) => {
        assert.equal(error.kind, "denied", granted);
        assert.ok(!error.message.includes(encodeURIComponent(server.password)));
        return true;
      });
    }
  });

  test("a pool size in the URL lets a plugin have fewer connections than the host would", async () => {
    const url = `${postgres.server.url}?pool_size=1`;
    const databases = databasesOf(postgres.hub, "modest", { database: [{ name: url, access: "write" }] });
    const [first, second] = [await databases.open(url), await databases.open(url)];
    const transaction = await first.begin();
    await assert.rejects(second.query("select 1", []), { kind: "timeout", message: /pool was free/ });
    await transaction.rollback();
    assert.deepEqual(await second.query("select 1 as one", []), [{ one: 1 }]);
  });
});

suite("backups of a PostgreSQL database", { skip: skipUnlessPostgres() || skipUnlessDump() }, () => {
  let postgres: ServedPostgres;
  let folder: string;

  before(async () => {
    postgres = await servePostgres();
    folder = await mkdtemp(join(tmpdir(), "tusk-test-"));
    await mkdir(join(folder, "granted"));
  });

  after(async () => {
    await postgres[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const open = (): Promise<DatabaseConnection> =>
    databasesOf(postgres.hub, "keeper", {
      database: [{ name: "main", access: "write" }],
      filesystem: [{ path: join(folder, "granted"), access: "write" }],
    }).open("main");

  test("a backup that is restored holds what the database held", async () => {
    const connection = await open();
    await connection.execute(
      "create table things (id bigint primary key, name text, raw bytea, doc jsonb)",
      [],
    );
    await connection.execute("create index on things (name)", []);
    for (let i = 0; i < 50; i++) {
      const values = [2n ** 60n + BigInt(i), `é 🦣 \t\\ ${i}`, new Uint8Array([0, i, 255]), { n: [i, null] }];
      await connection.execute("insert into things values (?, ?, ?, ?)", values);
    }
    await connection.backup("copy.sql");
    assert.deepEqual(await readdir(join(folder, "granted")), ["copy.sql"]);

    await postgres.server.query("create database restored");
    const target = postgres.server.urlOf("restored");
    const file = join(folder, "granted/copy.sql");
    execFileSync("psql", ["--no-psqlrc", "--set=ON_ERROR_STOP=1", `--file=${file}`, target], {
      stdio: "pipe",
    });
    const databases = databasesOf(postgres.hub, "reader", { database: [{ name: target, access: "read" }] });
    const restored = await databases.open(target);
    for (const sql of [
      "select * from things order by id",
      "select tablename, indexdef from pg_indexes where schemaname = 'public' order by indexname",
    ]) {
      const rows = await connection.query(sql, []);
      assert.ok((rows as object[]).length > 1);
      assert.deepEqual(await restored.query(sql, []), rows);
    }
  });

  test("a backup stays inside its folder, and one that fails leaves what was there", async () => {
    const connection = await open();
    await connection.backup("kept.sql");
    await assert.rejects(connection.backup("../out.sql"), { kind: "denied" });
    const kept = await readFile(join(folder, "granted/kept.sql"), "utf8");
    // A table that pg_dump may not lock in time, or read.
    await postgres.server.query("create role weak login password 'p'; create table secret (id int)");
    const url = `postgres://weak:p@127.0.0.1:${postgres.server.port}/postgres`;
    const weak = await databasesOf(postgres.hub, "weak", {
      database: [{ name: url, access: "write" }],
      filesystem: [{ path: join(folder, "granted"), access: "write" }],
    }).open(url);
    await assert.rejects(weak.backup("kept.sql"), { kind: "unavailable" });
    assert.match(postgres.log.at(-1)?.message ?? "", /pg_dump failed: .*permission denied/s);
    assert.equal(await readFile(join(folder, "granted/kept.sql"), "utf8"), kept);
    assert.ok((await readdir(join(folder, "granted"))).every((name) => name.endsWith(".sql")));
  });

  test("without pg_dump the plugin and the log are told what is missing", async () => {
    const connection = await open();
    const path = process.env["PATH"];
    process.env["PATH"] = folder;
    try {
      await assert.rejects(connection.backup("none.sql"), { kind: "unsupported", message: /pg_dump/ });
    } finally {
      process.env["PATH"] = path;
    }
    assert.match(postgres.log.at(-1)?.message ?? "", /install.*postgresql-client/);
  });
});

/** In CI it has to be there. */
function skipUnlessDump(): string | false {
  if (process.env["CI"] !== undefined) return false;
  try {
    execFileSync("pg_dump", ["--version"]);
    return false;
  } catch {
    return "pg_dump and psql are missing: install Debian's postgresql-client, or PostgreSQL's client programs";
  }
}
