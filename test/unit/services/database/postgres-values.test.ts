import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { DatabaseConnection } from "../../../../host/component/contract/services.ts";
import type { JsonValue } from "../../../../host/marshal/json.ts";
import { skipUnlessPostgres } from "../../../kit/postgres-server.ts";
import { type ServedPostgres, servePostgres } from "./served-postgres.ts";

/** What goes in, and what comes out where that is something else. */
type Passage = readonly [type: string, value: JsonValue, back?: JsonValue];

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

const PASSAGES: readonly Passage[] = [
  ["text", null],
  ["boolean", true],
  ["boolean", false],
  ["smallint", -32_768],
  ["integer", 2_147_483_647],
  ["bigint", 2n ** 63n - 1n],
  ["bigint", -(2n ** 63n)],
  ["bigint", 2 ** 53 - 1],
  ["real", 0.5],
  ["double precision", 0.1],
  ["double precision", 5e-324],
  ["double precision", -1.7976931348623157e308],
  ["double precision", -0],
  ["double precision", "NaN"],
  ["double precision", "Infinity"],
  ["double precision", "-Infinity"],
  ["numeric", "12345678901234567890.123456789012345678901234567890"],
  ["numeric", "NaN"],
  ["numeric", 1.5, "1.5"],
  ["numeric(12,4)", 2n ** 20n, "1048576.0000"],
  ["text", "é 🦣 '\"\\\n\t{}$1?"],
  ["text", ""],
  ["text", 5, "5"],
  ["text", [1, "x", null], '[1,"x",null]'],
  ["text", { a: 2n ** 60n }, '{"a":1152921504606846976}'],
  ["varchar(5)", "ab"],
  ["char(3)", "a", "a  "],
  ["uuid", "0e37df36-f698-11e6-8dd4-cb9ced3df976"],
  ["bytea", bytes(0, 1, 127, 128, 255)],
  ["bytea", bytes()],
  ["date", "2026-11-22"],
  ["date", "infinity"],
  ["time", "09:08:07.123456"],
  ["timestamp", "2026-11-22T09:08:07.123456"],
  ["timestamp", "2026-11-22T09:08:07"],
  ["timestamptz", "2026-11-22T09:08:07.123456Z"],
  ["timestamptz", "2026-11-22T09:08:07+02:00", "2026-11-22T07:08:07Z"],
  ["timestamptz", "-infinity"],
  ["timestamptz", "0044-03-15 00:00:00+00 BC"],
  ["interval", "1 year 2 mons 3 days 04:05:06.5"],
  ["inet", "192.168.0.0/24"],
  ["int4range", "[1,5)"],
  ["jsonb", { a: [1, 2.5, null, true, { b: "é" }], n: 2n ** 63n - 1n }],
  ["jsonb", [1, [2, [3]]]],
  ["jsonb", 18_446_744_073_709_551_615n],
  ["jsonb", 5],
  ["jsonb", true],
  ["jsonb", '"a text"', "a text"],
  ["jsonb", "null", null],
  ["json", { __proto__x: 1, z: 1e-7 }],
  ["boolean[]", [true, false, null]],
  ["integer[]", [1, null, -3]],
  ["integer[]", []],
  [
    "integer[]",
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ["bigint[]", [2n ** 62n, 1]],
  ["double precision[]", [0.1, "NaN", null]],
  ["text[]", ["a", "", "NULL", null, 'quo"te', "back\\slash", "{br,ace}", " space "]],
  ["bytea[]", [bytes(1, 255), null, bytes()]],
  ["jsonb[]", [{ a: 1 }, [1, 2], null, 3]],
  ["numeric[]", ["1.10", "NaN"]],
  ["timestamptz[]", ["2026-11-22T09:08:07Z"]],
  ["uuid[]", ["0e37df36-f698-11e6-8dd4-cb9ced3df976"]],
];

suite("values between JSON and PostgreSQL", { skip: skipUnlessPostgres() }, () => {
  let postgres: ServedPostgres;
  let connection: DatabaseConnection;
  const one = async (sql: string, ...params: JsonValue[]): Promise<JsonValue> =>
    Object.values(((await connection.query(sql, params)) as Record<string, JsonValue>[])[0] ?? {})[0] ?? null;

  before(async () => {
    postgres = await servePostgres({ maxResultBytes: 1_000_000 });
    connection = await postgres.open("plugin");
  });

  after(() => postgres[Symbol.asyncDispose]());

  for (const [type, value, back = value] of PASSAGES) {
    const shown = JSON.stringify(value, (_, member: unknown) =>
      typeof member === "bigint" ? `${member}` : member,
    );
    test(`${type} holds ${shown} without loss`, async () => {
      await connection.execute(`create table held (value ${type})`, []);
      try {
        assert.equal(await connection.execute("insert into held values ($1)", [value]), 1);
        const came = await one("select value from held");
        assert.deepEqual(came, back);
        if (type.startsWith("json")) return;
        await connection.execute("update held set value = ?", [came]);
        assert.deepEqual(await one("select value from held"), came, "and once more");
      } finally {
        await connection.execute("drop table held", []);
      }
    });
  }

  test("a session's clock, and its forms of writing, are the host's", async () => {
    assert.equal(await one("select timestamptz '2026-11-22 12:00:00+05' "), "2026-11-22T07:00:00Z");
    assert.equal(await one("select 0.1::real"), 0.1);
  });

  test("types of the server's users come as their text", async () => {
    await postgres.server.query("create type mood as enum ('sad', 'ok'); create domain age as integer");
    assert.equal(await one("select 'ok'::mood"), "ok");
    assert.equal(await one("select 7::age"), 7);
    assert.equal(await one("select '{ok}'::mood[]"), "{ok}");
    assert.equal(await one("select $1::mood", "sad"), "sad");
    assert.equal(await one("select row(1, 'x')"), "(1,x)");
    assert.equal(await one("select pg_sleep(0)"), null);
  });

  test("values that have no counterpart are refused, not bent", async () => {
    const refusals: [sql: string, params: JsonValue[], kind: string, message: RegExp][] = [
      ["select $1::text", [bytes(1)], "invalid-input", /bytea/],
      ["select $1::bytea", [{ raw: bytes(1) }], "invalid-input", /Bytes inside/],
      ["select $1::text[]", [[bytes(1)]], "invalid-input", /bytea/],
      ["select $1::int", ["x"], "invalid-input", /integer/],
      ["select $1::text", ["a\0b"], "invalid-input", /0x00/],
      ["select 'a\0b'", [], "invalid-input", /zero byte/],
      ["select '1e400'::jsonb", [], "unsupported", /digits/],
      ["select '[0.12345678901234567890]'::jsonb", [], "unsupported", /digits/],
      [`select '${"[".repeat(130)}${"]".repeat(130)}'::jsonb`, [], "unsupported", /deeper/],
    ];
    for (const [sql, params, kind, message] of refusals) {
      await assert.rejects(connection.query(sql, params), { kind, message }, sql);
    }
  });

  test("placeholders of every kind are bound, and those that are none are left alone", async () => {
    const cases: [sql: string, params: JsonValue[], expected: JsonValue][] = [
      ["select ? || ?", ["a", "b"], "ab"],
      ["select ?2 || ?1", ["a", "b"], "ba"],
      ["select $2 || $1", ["a", "b"], "ba"],
      ["select :a || @b || $c || :a", [{ a: "a", b: "b", c: "c" }], "abca"],
      ["select 'it''s ? :a $1' || ?", ["!"], "it's ? :a $1!"],
      ["select E'it\\'s ?' || ?", ["!"], "it's ?!"],
      ["select E'a'\n  '\\'?' || ?", ["!"], "a'?!"],
      ["select $$ ? $1 $$ || $x$ $$ ? $x$ || ?", ["!"], " ? $1  $$ ? !"],
      ["select /* ? /* $1 */ ? */ ? -- ?\r || 'x'", ["!"], "!x"],
      ['select "?" || ? from (select \'c\' as "?") as t', ["!"], "c!"],
      ["select ?::text || 'x'::text", ["a"], "ax"],
      ["select (array[1, 2, 3])[:from : 3]::text", [{ from: 2 }], "{2,3}"],
      ["select '{\"a\": 1}'::jsonb ? 'a'", [], true],
      ["select '{\"a\": 1}'::jsonb ? $1", ["b"], false],
      ["select abs(@ -5)::int + ?", [1], 6],
      ["select 1 where 1=?and 2=?", [1, 2], 1],
      ["select $1::jsonb", [{ only: "object" }], { only: "object" }],
      ["select ?::jsonb", [{ only: "object" }], { only: "object" }],
    ];
    for (const [sql, params, expected] of cases) {
      assert.deepEqual(await one(sql, ...params), expected, sql);
    }
  });

  test("placeholders and values that do not fit are told apart", async () => {
    const misfits: [sql: string, params: JsonValue[], message: RegExp][] = [
      ["select ?", [1, 2], /takes 1 values, and 2/],
      ["select $1, $3", [1, 2], /takes 3 values, and 2/],
      ["select $0", [], /numbered from 1/],
      ["select :a", [{ b: 1 }], /named "b"/],
      ["select :a, :b", [{ a: 1 }], /no value for "b"/],
      ["select '?'", [1], /takes 0 values/],
    ];
    for (const [sql, params, message] of misfits) {
      await assert.rejects(connection.query(sql, params), { kind: "invalid-input", message }, sql);
    }
  });

  test("columns go by their names, even odd ones", async () => {
    const rows = await connection.query(`select 1 as "__proto__", 2 as " ", 3 as twice, 4 as twice`, []);
    assert.deepEqual(Object.entries((rows as object[])[0] ?? {}), [
      ["__proto__", 1],
      [" ", 2],
      ["twice", 4],
    ]);
  });
});
