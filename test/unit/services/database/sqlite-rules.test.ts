import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { DatabaseConnection } from "../../../../host/component/contract/services.ts";
import type { JsonValue } from "../../../../host/marshal/json.ts";
import type { ServiceHub } from "../../../../host/services/service-hub.ts";
import { createLoggedHub, databasesOf, granted } from "./serve-plugin.ts";

suite("what SQLite alone does", () => {
  let hub: ServiceHub;
  let connection: DatabaseConnection;
  const one = async (sql: string, ...params: JsonValue[]): Promise<JsonValue> =>
    Object.values(((await connection.query(sql, params)) as Record<string, JsonValue>[])[0] ?? {})[0] ?? null;

  before(async () => {
    ({ hub } = createLoggedHub({
      databases: { main: "sqlite::memory:" },
      limits: { database: { maxResultBytes: 10_000, maxMemoryDatabaseBytes: 200_000 } },
    }));
    connection = await databasesOf(hub, "plugin", granted("main")).open("main");
    await connection.execute("create table t (id integer primary key, v)", []);
  });

  after(() => hub.close());

  test("parameters have the type that the table of values gives them", async () => {
    const types: [JsonValue, string, JsonValue][] = [
      [null, "null", null],
      [true, "integer", 1],
      [false, "integer", 0],
      [1, "integer", 1],
      [2n ** 63n - 1n, "integer", 2n ** 63n - 1n],
      [1.5, "real", 1.5],
      [2 ** 60, "real", 2 ** 60],
      [-0, "real", -0],
      ["a\0b", "text", "a\0b"],
      [new Uint8Array([0, 255]), "blob", new Uint8Array([0, 255])],
      [[1, 2n ** 60n, "x"], "text", '[1,1152921504606846976,"x"]'],
      [{ a: { b: null } }, "text", '{"a":{"b":null}}'],
    ];
    for (const [value, type, back] of types) {
      assert.equal(await one("select typeof(?)", value), type);
      assert.deepEqual(await one("select ?", value), back);
    }
    assert.equal(await one("select cast(? as text)", 1), "1");
  });

  test("values that have no counterpart are refused, not bent", async () => {
    await assert.rejects(one("select ?", 2n ** 63n), { kind: "invalid-input", message: /64 bits/ });
    await assert.rejects(one("select ?", { raw: new Uint8Array(1) }), {
      kind: "invalid-input",
      message: /bytes/i,
    });
    await assert.rejects(one("select 9e999"), { kind: "unsupported", message: /infinity/ });
  });

  test("placeholders may have numbers or names", async () => {
    assert.deepEqual(await connection.query("select ?2 as a, ?1 as b", [1, 2]), [{ a: 2, b: 1 }]);
    assert.deepEqual(await connection.query("select $2 as a, $1 as b", [1, 2]), [{ a: 2, b: 1 }]);
    const named = await connection.query("select :a as a, @b as b, $c as c", [{ a: 1, b: [2], c: "3" }]);
    assert.deepEqual(named, [{ a: 1, b: "[2]", c: "3" }]);
  });

  test("columns go by their names, even odd ones", async () => {
    const rows = await connection.query(`select 1 as "__proto__", 2 as "", 3 as twice, 4 as twice`, []);
    assert.deepEqual(Object.entries((rows as object[])[0] ?? {}), [
      ["__proto__", 1],
      ["", 2],
      ["twice", 4],
    ]);
  });

  test("a statement that was run before gives the columns that the table has now", async () => {
    await connection.execute("create table grows (a)", []);
    await connection.execute("insert into grows values (1)", []);
    assert.deepEqual(await connection.query("select * from grows", []), [{ a: 1 }]);
    await connection.execute("alter table grows add column b default 2", []);
    await connection.execute("alter table grows rename column a to z", []);
    assert.deepEqual(await connection.query("select * from grows", []), [{ z: 1, b: 2 }]);
  });

  test("what reaches beyond the database is refused, and says so", async () => {
    const refused = [
      "attach 'other.db' as other",
      "attach '' as other",
      "detach main",
      "vacuum into 'copy.db'",
      "select load_extension('evil')",
      "select fts3_tokenizer('simple')",
      "pragma database_list",
      "select * from pragma_database_list",
      "pragma journal_mode = delete",
      "pragma writable_schema = on",
      "pragma temp_store_directory = '/'",
      "PRAGMA MAX_PAGE_COUNT = 1000000",
      "pragma hard_heap_limit = 1",
      "create virtual table v using unheard_of(x)",
      "begin",
      "commit",
      "rollback",
      "savepoint s",
    ];
    for (const sql of refused) {
      await assert.rejects(
        connection.query(sql, []),
        { kind: "denied", message: /not allowed to plugins/ },
        sql,
      );
    }
    await assert.rejects(connection.execute("delete from sqlite_master", []), { kind: "invalid-input" });
  });

  test("a message repeats no more than a little of a long statement", async () => {
    const long = "x".repeat(10_000);
    for (const sql of [`pragma ${long}`, `select * from ${long}`, `select :${long}`]) {
      await assert.rejects(
        connection.query(sql, [{}]),
        (error: Error) => error.message.length < 600,
        sql.slice(0, 20),
      );
    }
  });

  test("what stays within the database is allowed", async () => {
    assert.equal(((await connection.query("PRAGMA table_info(t)", [])) as unknown[]).length, 2);
    assert.equal(await one("select count(*) from pragma_table_info('t')"), 2);
    assert.equal(await one("pragma journal_mode"), "wal");
    await connection.execute("pragma user_version = 7", []);
    assert.equal(await one("pragma user_version"), 7);
    await connection.execute("create virtual table words using fts5(word)", []);
    await connection.execute("insert into words values ('hello world')", []);
    assert.equal(await one("select count(*) from words('hello')"), 1);
    await connection.execute("vacuum", []);
    assert.equal(await one("select json_extract('{\"a\":5}', '$.a')"), 5);
    await connection.execute("create temp table mine (x)", []);
    await connection.execute(
      "create trigger tr after insert on t begin select 1; update t set v = 1; end",
      [],
    );
    await connection.execute("drop trigger tr", []);
  });

  test("foreign keys are kept", async () => {
    await connection.execute("create table child (t references t(id))", []);
    const orphan = connection.execute("insert into child values (99)", []);
    await assert.rejects(orphan, { kind: "conflict", message: /FOREIGN KEY/ });
  });

  test("savepoints work inside a transaction, and are gone after it", async () => {
    const transaction = await connection.begin();
    await transaction.execute("savepoint s", []);
    await transaction.execute("insert into t (id) values (50)", []);
    await transaction.execute("rollback to s", []);
    await transaction.execute("insert into t (id) values (51)", []);
    await transaction.commit();
    assert.equal(await one("select group_concat(id) from t"), "51");
    await assert.rejects(connection.execute("savepoint s", []), { kind: "denied" });
    await connection.execute("delete from t", []);
  });

  test("a transaction that a statement rolled back is over", async () => {
    const transaction = await connection.begin();
    await transaction.execute("insert into t (id) values (60)", []);
    await assert.rejects(transaction.execute("insert or rollback into t (id) values (60)", []), {
      kind: "conflict",
    });
    await assert.rejects(transaction.execute("insert into t (id) values (61)", []), {
      kind: "conflict",
      message: /rolled it back/,
    });
    assert.equal(await one("select count(*) from t"), 0);
  });

  test("a transaction that cannot be committed is rolled back", async () => {
    await connection.execute("create table later (t references t(id) deferrable initially deferred)", []);
    const transaction = await connection.begin();
    await transaction.execute("insert into later values (99)", []);
    await assert.rejects(transaction.commit(), { kind: "conflict", message: /FOREIGN KEY/ });
    await assert.rejects(transaction.rollback(), { kind: "conflict" });
    assert.equal(await one("select count(*) from later"), 0);
  });

  test("more bytes than the limit are refused, in one value and in many", async () => {
    await assert.rejects(one("select zeroblob(20000)"), { kind: "limit-exceeded" });
    await assert.rejects(one("select ?", "x".repeat(20_000)), { kind: "limit-exceeded" });
    const many =
      "with recursive c(n) as (select 1 union all select n + 1 from c limit 20) select printf('%.900c', 'x') from c";
    await assert.rejects(one(many), { kind: "limit-exceeded", message: /10000 bytes/ });
    await assert.rejects(one(`select 1 ${" ".repeat(1024 * 1024)}`), { kind: "limit-exceeded" });
  });

  test("a database in memory does not grow beyond its limit", async () => {
    const fill =
      "insert into t (v) with recursive c(n) as (select 1 union all select n + 1 from c limit 100) select zeroblob(5000) from c";
    await assert.rejects(connection.execute(fill, []), { kind: "limit-exceeded", message: /full/ });
    assert.equal(await one("select count(*) from t"), 0);
  });

  test("hundreds of different statements, each run twice, give their own answers", async () => {
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 150; i++) assert.equal(await one(`select ${i}`), i);
    }
  });
});
