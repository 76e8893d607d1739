import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { lexPostgres } from "../../../../host/services/database/postgres-lexer.ts";
import { bindPostgres } from "../../../../host/services/database/postgres-placeholders.ts";

/** Pieces of SQL that hold what looks like placeholders, each one token or none. */
const CLOSED = [
  "'a ? :b $1'",
  "'it''s ?'",
  "E'\\' ? '",
  "e'a'\n -- ?\n '\\'?'",
  "$$ ? ' $1 $$",
  "$tag$ $$ ? $tag$",
  '"a ""?"" :b"',
  "-- ? '\n",
  "-- ? $$\r",
  "/* ? /* ' */ \" */",
  "name$1",
  "a$$b",
  "1.5e-7",
  "::",
  "U&'\\0041?'",
  "é_",
];

const CHARACTERS = Array.from(`'"$eEaU&\\-/*?:1. \n\r\0é🦣`);

suite("the tokens of PostgreSQL", () => {
  test("are cut where PostgreSQL cuts them", () => {
    const cases: [sql: string, tokens: string[]][] = [
      ["select e'\\'' like'x'", ["select", "e'\\''", "like", "'x'"]],
      ["1e'\\''", ["1", "e'\\''"]],
      ["a::int:=:b", ["a", "::", "int", ":", "=", ":", "b"]],
      ["$1$$x$$$2", ["$1", "$$x$$", "$2"]],
      ["$a$ $b$ $a$", ["$a$ $b$ $a$"]],
      ["+-- x\n-", ["+", "-"]],
      ["*/* x */*", ["*", "*"]],
      ["'open", ["'", "open"]],
      ["/* open", []],
    ];
    for (const [sql, tokens] of cases) {
      assert.deepEqual(
        Array.from(lexPostgres(sql), ({ text }) => text),
        tokens,
        sql,
      );
    }
  });

  test("hide no placeholder and show none, in whatever order they come", () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(...CLOSED), fc.constant("?")), { maxLength: 30 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const sql = parts.join(" ");
        const count = parts.filter((part) => part === "?").length;
        const values = Array.from({ length: count }, (_, i) => i);
        let next = 0;
        const expected = parts.map((part) => (part === "?" ? ` $${++next} ` : part)).join(" ");
        const bound = bindPostgres(sql, [...lexPostgres(sql)], values);
        assert.equal(bound.text, count === 0 ? sql : expected);
      }),
    );
  });

  test("stand where they stood in the text, whatever the text is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 60 }), (sql) => {
        let end = 0;
        for (const { text, index } of lexPostgres(sql)) {
          assert.ok(index >= end && text.length > 0);
          assert.equal(sql.slice(index, index + text.length), text);
          end = index + text.length;
        }
      }),
    );
  });
});
