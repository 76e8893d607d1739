import assert from "node:assert/strict";
import { test } from "node:test";
import { bindPlaceholders, findPlaceholders } from "../../../../host/services/database/placeholders.ts";

test("placeholders are found where SQL has them, and nowhere else", () => {
  assert.deepEqual(findPlaceholders("select ?, ?2, $1, :name, @name, $näme"), [
    "?",
    "?2",
    "$1",
    ":name",
    "@name",
    "$näme",
  ]);
  const hidden = `select '? it''s :a', "?", \`?\`, [?], a$1, -- ?
    /* ? :b */ x->>'$.c' from t`;
  assert.deepEqual(findPlaceholders(hidden), []);
});

function bind(sql: string, ...params: Parameters<typeof bindPlaceholders>[1]): string {
  return bindPlaceholders(findPlaceholders(sql), params)
    .map(({ placeholder, value }) => `${placeholder}=${JSON.stringify(value)}`)
    .join(" ");
}

test("each placeholder has its value", () => {
  assert.equal(bind("select 1"), "");
  assert.equal(bind("select ?, ?", 1, 2), "?=1 ?=2");
  assert.equal(bind("select ?2, ?1, ?", 1, 2, 3), "?=1 ?=2 ?=3");
  assert.equal(bind("select $2, $1, $2", 1, 2), "$2=2 $1=1");
  assert.equal(bind("select :a, @b, :a", { a: 1, b: 2 }), ":a=1 @b=2");
});

test("parameters that do not fit their placeholders are refused", () => {
  const misfits: [string, Parameters<typeof bindPlaceholders>[1], RegExp][] = [
    ["select ?", [], /takes 1 values, and 0/],
    ["select 1", [1], /takes 0 values, and 1/],
    ["select $3", [1, 2], /takes 3 values, and 2/],
    ["select ?, :a", [1], /one kind/],
    ["select ?, $1", [1], /one kind/],
    ["select :a", [1], /one object/],
    ["select :a", [{}], /no value for :a/],
    ["select :a", [{ a: 1, b: 2 }], /no placeholder is named "b"/],
    ["select :toString", [{}], /no value for :toString/],
  ];
  for (const [sql, params, message] of misfits) {
    assert.throws(() => bindPlaceholders(findPlaceholders(sql), params), { kind: "invalid-input", message });
  }
});
