import assert from "node:assert/strict";
import { test } from "node:test";
import { LineSink } from "../../../host/component/wasi-line-sink.ts";

test("a line is told when it ends, however often it is flushed, and its rest with the instance", () => {
  const lines: string[] = [];
  const sink = new LineSink((line) => void lines.push(line));
  for (const part of ["a ", "line", "\n", "the rest"]) {
    sink.write(Buffer.from(part));
    sink.flushed();
  }
  assert.deepEqual(lines, ["a line"]);
  sink[Symbol.dispose]();
  assert.deepEqual(lines, ["a line", "the rest"]);
});

test("a line that is too long to be kept is broken, wherever it ends", () => {
  const lines: string[] = [];
  const sink = new LineSink((line) => void lines.push(line));
  for (const part of ["a".repeat(4_000), "a".repeat(4_000), "a".repeat(4_000), "\nb\n"]) {
    sink.write(Buffer.from(part));
  }
  sink.write(Buffer.from(`${"c".repeat(20_000)}\n`));
  assert.deepEqual(
    lines.map((line) => line.length),
    [8_192, 12_000 - 8_192, 1, 8_192, 8_192, 20_000 - 2 * 8_192],
  );
});
