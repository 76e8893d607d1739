import assert from "node:assert/strict";
import { test } from "node:test";
import { renderTable } from "../../../host/cli/table.ts";

const COLUMNS = [
  { title: "NAME", shrinks: true },
  { title: "SIZE", align: "right" },
  { title: "STATE" },
] as const;

const ROWS = [
  ["a-plugin-with-a-long-name", "7 B", "serving"],
  ["api", "192 KB", "failed"],
];

test("columns are as wide as what is in them", () => {
  assert.deepEqual(renderTable(COLUMNS, ROWS), [
    "NAME                         SIZE  STATE",
    "a-plugin-with-a-long-name     7 B  serving",
    "api                        192 KB  failed",
  ]);
});

test("a table that is too wide is cut where it may be, and still lines up", () => {
  const lines = renderTable(COLUMNS, ROWS, 30);
  assert.deepEqual(lines, [
    "NAME             SIZE  STATE",
    "a-plugin-wit…     7 B  serving",
    "api            192 KB  failed",
  ]);
  assert.ok(lines.every((line) => line.length <= 30));
});

test("a table that cannot be cut to the width is cut as far as it can", () => {
  assert.equal(renderTable(COLUMNS, ROWS, 5)[1], "a-plugi…     7 B  serving");
});

test("a style changes how a cell looks and not where the next one stands", () => {
  const lines = renderTable(COLUMNS, ROWS, 80, (text, row, column) =>
    row === 1 && column === 0 ? `<${text}>` : text,
  );
  assert.equal(lines[2], "<api>                        192 KB  failed");
});
