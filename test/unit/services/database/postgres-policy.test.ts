import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { systemClock } from "../../../../host/core/clock.ts";
import { ServiceError } from "../../../../host/component/contract/service-error.ts";
import type { DatabaseConnection } from "../../../../host/component/contract/services.ts";
import { DATABASE_LIMITS } from "../../../../host/services/database/database-limits.ts";
import { parseDatabaseUrl } from "../../../../host/services/database/database-url.ts";
import { PostgresSession } from "../../../../host/services/database/postgres-session.ts";
import { preparePostgres } from "../../../../host/services/database/prepare-postgres.ts";
import { skipUnlessPostgres } from "../../../kit/postgres-server.ts";
import { type ServedPostgres, servePostgres } from "./served-postgres.ts";

/** What reaches the server's files, its programs, its settings, or the host's own transactions. */
const REFUSED = [
  "copy t to '/tmp/x'",
  "copy t from '/etc/passwd'",
  "copy (select 1) to program 'id'",
  "; ;\n/* x /* y */ */ -- z\r copy t from program 'id'",
  "COPY t TO STDOUT",
  "do $$ begin perform 1; end $$",
  "call p()",
  "create function f() returns int language sql as 'select 1'",
  "create or replace procedure p() language sql as 'select 1'",
  "create extension dblink",
  "create user eve superuser",
  "create role eve",
  "create database d",
  "create server s foreign data wrapper w",
  "create foreign table t () server s",
  "create event trigger e on ddl_command_start execute function f()",
  "create language plperlu",
  "create subscription s connection '' publication p",
  "create tablespace t location '/tmp'",
  "create cast (text as int) with inout",
  "alter system set archive_command = 'id'",
  "alter role postgres with password 'x'",
  "alter database postgres set search_path = x",
  "drop owned by postgres",
  "set statement_timeout = 0",
  "set session authorization eve",
  "set local role eve",
  "reset all",
  "discard all",
  "begin",
  "start transaction read write",
  "commit",
  "commit and chain",
  "end",
  "rollback",
  "abort",
  "prepare transaction 'x'",
  "prepare p as select 1",
  "execute p",
  "declare c cursor with hold for select 1",
  "listen x",
  "load 'plpgsql'",
  "lock table t",
  "savepoint outside",
  "grant postgres to eve",
  "security label on table t is 'x'",
  "select pg_read_file('/etc/passwd')",
  "select pg_catalog . \"pg_read_file\" /* */ ('/etc/passwd')",
  "select PG_READ_BINARY_FILE('/etc/passwd')",
  "select U&\"pg\\005fread\\005ffile\"('/etc/passwd')",
  "select pg_ls_dir('/')",
  "select pg_stat_file('/etc/passwd')",
  "select * from pg_hba_file_rules",
  "select * from pg_file_settings",
  "select lo_import('/etc/passwd')",
  "select lo_export(1, '/tmp/x')",
  "select dblink_exec('x')",
  "select set_config('statement_timeout', '0', false)",
  "update pg_settings set setting = 'off' where name = 'standard_conforming_strings'",
  "explain analyze update pg_catalog.\"pg_settings\" set setting = '0' where name = 'statement_timeout'",
  "select query_to_xml('copy t to program ''id''', true, true, '')",
  "select * from ts_stat('select 1')",
  "select pg_terminate_backend(1)",
  "select pg_cancel_backend(1)",
  "select pg_reload_conf()",
  "select E'a'\n  '\\'', pg_read_file('x') --'",
  "create table x (a text default pg_read_file('/etc/passwd'))",
];

const ALLOWED = [
  "create temp table t (id integer primary key, word text unique)",
  "create unique index on t (word)",
  "create or replace view v as select * from pg_class",
  "create materialized view m as select 1 as one",
  "refresh materialized view m",
  "alter table t add column more jsonb",
  "comment on table t is 'copy t to program'",
  "insert into t values (1, 'commit; begin') on conflict (id) do update set word = excluded.word",
  "with x as (update t set word = 'set' returning id) select * from x",
  "(select 1) union (select 2)",
  "((values (1)))",
  "explain analyze select 1",
  "show server_version",
  "analyze t",
  "truncate t",
  'select 1 as "copy", \'pg_read_file(\' as "set_config_"',
  "select $$ pg_read_file('x') $$ as s -- pg_read_file('x')",
  "drop table t",
  "drop view v",
  "drop materialized view m",
];

suite("what a guest may say to PostgreSQL", { skip: skipUnlessPostgres() }, () => {
  let postgres: ServedPostgres;
  let writer: DatabaseConnection;

  before(async () => {
    postgres = await servePostgres();
    writer = await postgres.open("plugin");
    await postgres.server.query("create table kept (id integer)");
  });

  after(() => postgres[Symbol.asyncDispose]());

  for (const sql of REFUSED) {
    test(`${JSON.stringify(sql)} is refused`, async () => {
      await assert.rejects(writer.query(sql, []), { kind: "denied" });
    });
  }

  test("tables, and what belongs to them, are the guest's", async () => {
    const transaction = await writer.begin();
    await transaction.execute("set transaction isolation level serializable", []);
    for (const sql of ALLOWED) {
      await transaction.query(sql, []).catch((error: unknown) => assert.fail(`${sql}: ${String(error)}`));
    }
    await transaction.execute("lock table kept", []);
    await transaction.execute("savepoint a", []);
    await transaction.execute("insert into kept values (1)", []);
    await assert.rejects(transaction.execute("insert into nowhere values (1)", []));
    await assert.rejects(transaction.query("select 1", []), { kind: "conflict" });
    await transaction.execute("rollback to savepoint a", []);
    await transaction.execute("release a", []);
    assert.deepEqual(await transaction.query("select * from kept", []), []);
    await transaction.commit();
  });

  test("the server reads texts as the policy does, whatever was said in the transaction before", async () => {
    const transaction = await writer.begin();
    const sql = "update pg_settings set setting = 'off' where name = 'standard_conforming_strings'";
    await transaction.execute(sql, []).catch(() => undefined);
    // Where backslashes escape, the first text ends later, and what is a text here is a call there.
    const hidden = String.raw`select '\' || ', set_config($$a.b$$, $$called$$, true) --'`;
    const rows = await transaction.query(hidden, []);
    assert.deepEqual(Object.values((rows as object[])[0] ?? {}), [
      String.raw`\, set_config($$a.b$$, $$called$$, true) --`,
    ]);
    await transaction.rollback();
  });

  test("a statement is one statement", async () => {
    for (const sql of ["select 1; copy kept to stdout", "select 1;;select 2", ";select 1; commit"]) {
      await assert.rejects(writer.query(sql, []), { kind: "invalid-input" }, sql);
    }
    for (const sql of ["", " ; ", "-- nothing"]) {
      await assert.rejects(writer.query(sql, []), { kind: "invalid-input" }, sql);
    }
  });

  test("what a guest sets, opens or locks in its session ends with the statement", async () => {
    await writer.execute("create temp table pg_class_copy as select 1 as one", []);
    await assert.rejects(writer.query("select * from pg_class_copy", []), { kind: "invalid-input" });
    await writer.query("select pg_advisory_lock(42)", []);
    const locks = await postgres.server.query(
      "select pid from pg_locks where locktype = 'advisory' and not pid = pg_backend_pid()",
    );
    assert.deepEqual(await settled(locks, "select pid from pg_locks where locktype = 'advisory'"), []);
  });

  /** The rows when they are none any more; the server undoes things after it has answered. */
  async function settled(rows: object[], sql: string): Promise<object[]> {
    return rows.length === 0 ? rows : settled(await postgres.server.query(sql), sql);
  }

  suite("for reading only", () => {
    let reader: DatabaseConnection;

    before(async () => {
      reader = await postgres.open("plugin", "read");
      await postgres.server.query(
        "create function sneaky() returns void language sql as 'insert into kept values (9)'",
      );
    });

    const writes = [
      "insert into kept values (1)",
      "with x as (insert into kept values (1) returning *) select * from x",
      "explain analyze insert into kept values (1)",
      "select * into copied from kept",
      "select sneaky()",
      "select * from kept for update",
      "select nextval('s')",
      "truncate kept",
      "create temp table x (a int)",
    ];
    for (const sql of writes) {
      test(`${JSON.stringify(sql)} is denied`, async () => {
        await postgres.server.query("create sequence if not exists s");
        await assert.rejects(reader.query(sql, []), { kind: "denied" });
        const transaction = await reader.begin();
        await assert.rejects(transaction.query(sql, []), { kind: "denied" });
        await transaction.rollback();
        assert.deepEqual(await reader.query("select * from kept", []), []);
      });
    }

    test("the server itself would not let the guest write, were no statement refused by its words", async () => {
      const url = parseDatabaseUrl(postgres.server.url, "/");
      assert.ok(url.kind === "postgres");
      const session = await PostgresSession.connect({
        url,
        readOnly: true,
        plugin: "plugin",
        clock: systemClock,
        limits: DATABASE_LIMITS,
        onLost: () => undefined,
        onDisobedience: () => undefined,
      });
      const raw = (sql: string) => session.run({ text: sql, values: [] }, "rows");
      const insert = "insert into kept values (2)";
      for (const begin of ["set transaction read write", "set local transaction_read_only = off"]) {
        await session.host("BEGIN READ ONLY; SELECT 1");
        await assert.rejects(raw(begin), { code: "25001" }, begin);
        await session.host("ROLLBACK");
      }
      await session.host("BEGIN READ ONLY; SELECT 1");
      await assert.rejects(raw("select set_config('transaction_read_only', 'off', true)"), { code: "25001" });
      await session.host("ROLLBACK");
      await raw("set default_transaction_read_only = off");
      await session.reset();
      await assert.rejects(raw(insert), { code: "25006" });
      session.destroy();
    });
  });

  test("a statement is read in a moment, whatever it is, and one that is too long is refused", () => {
    const context = { readOnly: false, inTransaction: false };
    const pieces = [
      "'",
      '"',
      "$",
      "$a$",
      "/*",
      "*/",
      "--\n",
      "?",
      ":a",
      "E'\n",
      "$x1$ $",
      "(",
      "a ",
      "1e",
      "\\'",
    ];
    for (const piece of [...pieces, "$tag"]) {
      const sql = `select ${piece.repeat(Math.floor(250_000 / piece.length))}`;
      const started = performance.now();
      const bind = (): unknown => preparePostgres(sql, [{ a: 1 }], context);
      try {
        bind();
      } catch (error) {
        assert.ok(error instanceof ServiceError, piece);
      }
      // Were it to grow with the square of the length, it would be minutes.
      assert.ok(performance.now() - started < 5_000, `${piece}: ${performance.now() - started} ms`);
    }
    const long = `select '${"x".repeat(2 ** 18)}'`;
    assert.throws(() => preparePostgres(long, [], context), { kind: "limit-exceeded" });
  });
});
