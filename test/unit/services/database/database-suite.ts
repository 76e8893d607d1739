import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { DatabaseConnection } from "../../../../host/component/contract/services.ts";
import type { JsonValue } from "../../../../host/marshal/json.ts";

export interface DatabaseUnderTest extends AsyncDisposable {
  /** Opens the same empty database each time, as the same plugin. Rows are limited to 100, statements to a second. */
  connect(access: "read" | "write"): Promise<DatabaseConnection>;
  /** A query that never ends. */
  readonly endless: string;
}

/** What every kind of database does alike, in SQL that all of them understand. */
export function databaseSuite(
  title: string,
  create: () => Promise<DatabaseUnderTest>,
  skip: string | false = false,
): void {
  suite(title, { skip }, () => {
    let database: DatabaseUnderTest;
    let connection: DatabaseConnection;
    const connect = (access: "read" | "write" = "write"): Promise<DatabaseConnection> =>
      database.connect(access);
    const names = async (from: { query: DatabaseConnection["query"] } = connection): Promise<JsonValue> =>
      ((await from.query("select name from people order by id", [])) as { name: string }[]).map(
        ({ name }) => name,
      );

    before(async () => {
      database = await create();
      connection = await connect();
      await connection.execute(
        "create table people (id integer primary key, name text not null unique, big bigint, height double precision)",
        [],
      );
    });

    after(() => database[Symbol.asyncDispose]());

    test("values come back as they went in", async () => {
      await connection.execute("create table kept (big bigint, real double precision, words text)", []);
      const rows: [number | bigint | null, number | null, string | null][] = [
        [1, 1.5, "é 😀 '\"\n"],
        [-(2n ** 63n), -1e300, ""],
        [2n ** 63n - 1n, 0.1, '{"json":[1]}'],
        [2 ** 53 - 1, 5e-324, "00123"],
        [null, null, null],
      ];
      for (const [big, real, words] of rows) {
        assert.equal(await connection.execute("insert into kept values ($1, $2, $3)", [big, real, words]), 1);
      }
      const expected = rows.map(([big, real, words]) => ({ big, real, words }));
      assert.deepEqual(await connection.query("select * from kept", []), expected);
    });

    test("a value is bound, whatever it looks like", async () => {
      const name = "'); drop table people; --";
      await connection.execute("insert into people (id, name) values ($1, $2)", [1, name]);
      assert.deepEqual(await connection.query("select id from people where name = $1", [name]), [{ id: 1 }]);
      await connection.execute("delete from people", []);
    });

    test("a statement tells how many rows it changed", async () => {
      assert.equal(
        await connection.execute("insert into people (id, name) values (1, 'a'), (2, 'b')", []),
        2,
      );
      assert.equal(await connection.execute("create table other (id integer)", []), 0);
      assert.equal(await connection.execute("select * from people", []), 0);
      assert.equal(await connection.execute("update people set height = 1 where id > $1", [5]), 0);
      assert.deepEqual(
        await connection.query("insert into people (id, name) values (3, 'c') returning id", []),
        [{ id: 3 }],
      );
      assert.equal(await connection.execute("delete from people", []), 3);
      assert.deepEqual(await connection.query("select * from people", []), []);
    });

    test("a value of megabytes goes in and comes out", async () => {
      const words = "é".repeat(2_000_000);
      const [row] = (await connection.query("select $1 as words", [words])) as { words: string }[];
      assert.ok(row?.words === words);
    });

    test("mistakes of the plugin are told apart", async () => {
      await connection.execute("insert into people (id, name) values (1, 'a')", []);
      const again = connection.execute("insert into people (id, name) values (2, 'a')", []);
      await assert.rejects(again, { kind: "conflict", message: /unique/i });
      await assert.rejects(connection.query("selec 1", []), { kind: "invalid-input", message: /syntax/ });
      await assert.rejects(connection.query("select * from nowhere", []), { kind: "invalid-input" });
      await assert.rejects(connection.query("select $1", []), { kind: "invalid-input" });
      await assert.rejects(connection.query("select 1; select 2", []), { kind: "invalid-input" });
      await connection.execute("delete from people", []);
    });

    test("what is committed lasts, and what is rolled back or dropped is gone", async () => {
      for (const [id, end] of ["commit", "rollback", "drop"].entries()) {
        const transaction = await connection.begin();
        await transaction.execute("insert into people (id, name) values ($1, $2)", [id, end]);
        assert.deepEqual(await transaction.query("select name from people where id = $1", [id]), [
          { name: end },
        ]);
        if (end === "commit") await transaction.commit();
        else if (end === "rollback") await transaction.rollback();
        else transaction[Symbol.dispose]();
        await assert.rejects(transaction.query("select 1", []), { kind: "conflict" });
        await assert.rejects(transaction.commit(), { kind: "conflict" });
      }
      const other = await connect();
      assert.deepEqual(await names(other), ["commit"]);
      await other.execute("delete from people", []);
      other[Symbol.dispose]();
    });

    test("while a transaction is open its connection does nothing else", async () => {
      const transaction = await connection.begin();
      await assert.rejects(connection.query("select 1", []), { kind: "conflict" });
      await assert.rejects(connection.execute("select 1", []), { kind: "conflict" });
      await assert.rejects(connection.begin(), { kind: "conflict" });
      await transaction.rollback();
      assert.deepEqual(await connection.query("select 1 as one", []), [{ one: 1 }]);
    });

    test("what a transaction did not commit is seen by nobody else, and those who write wait for it", async () => {
      const other = await connect();
      await connection.execute("insert into people (id, name) values (1, 'zero')", []);
      const transaction = await connection.begin();
      await transaction.execute("update people set name = 'first' where id = 1", []);
      assert.deepEqual(await names(other), ["zero"]);
      const waiting = other.execute("update people set name = name || ', second' where id = 1", []);
      const third = await connect();
      const next = third.begin();
      await transaction.commit();
      assert.equal(await waiting, 1);
      const later = await next;
      await later.execute("insert into people (id, name) values (2, 'third')", []);
      await later.commit();
      assert.deepEqual(await names(), ["first, second", "third"]);
      await connection.execute("delete from people", []);
      other[Symbol.dispose]();
      third[Symbol.dispose]();
    });

    test("a connection can be used at once when its transaction was dropped", async () => {
      const insert = "insert into people (id, name) values (1, 'a')";
      const first = await connection.begin();
      await first.execute(insert, []);
      first[Symbol.dispose]();
      assert.deepEqual(await names(), []);
      const second = await connection.begin();
      await second.execute(insert, []);
      second[Symbol.dispose]();
      const third = await connection.begin();
      assert.equal(await third.execute(insert, []), 1);
      await third.rollback();
    });

    test("closing a connection rolls back what is open in it", async () => {
      const other = await connect();
      const transaction = await other.begin();
      await transaction.execute("insert into people (id, name) values (1, 'a')", []);
      other[Symbol.dispose]();
      await assert.rejects(transaction.commit(), { kind: "conflict" });
      await assert.rejects(other.query("select 1", []), { kind: "conflict" });
      assert.deepEqual(await names(), []);
    });

    test("rows over the limit are refused, and a change that gives them is taken back", async () => {
      const many = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 101)";
      await assert.rejects(connection.query(`${many} select n from c`, []), { kind: "limit-exceeded" });
      const insert = `insert into people (id, name) select n, cast(n as text) from (${many} select n from c) as numbers`;
      await assert.rejects(connection.query(`${insert} returning id`, []), { kind: "limit-exceeded" });
      assert.deepEqual(await names(), []);
    });

    test("who may only read cannot write", async () => {
      const reader = await connect("read");
      await assert.rejects(reader.execute("insert into people (id, name) values (1, 'a')", []), {
        kind: "denied",
      });
      await assert.rejects(reader.execute("create table more (id integer)", []), { kind: "denied" });
      const transaction = await reader.begin();
      await assert.rejects(transaction.execute("delete from people", []), { kind: "denied" });
      assert.deepEqual(await names(transaction), []);
      await transaction.commit();
      reader[Symbol.dispose]();
    });

    test("a query that never ends is stopped at its limit, and what was committed stays", async () => {
      const other = await connect();
      await connection.execute("insert into people (id, name) values (1, 'stays')", []);
      const transaction = await connection.begin();
      await transaction.execute("insert into people (id, name) values (2, 'goes')", []);
      await assert.rejects(transaction.query(database.endless, []), { kind: "timeout", message: /1000 ms/ });
      await assert.rejects(transaction.commit(), { kind: "conflict" });
      assert.deepEqual(await names(), ["stays"]);
      assert.deepEqual(await names(other), ["stays"]);
      const later = await other.begin();
      await later.execute("delete from people", []);
      await later.commit();
      other[Symbol.dispose]();
    });
  });
}
