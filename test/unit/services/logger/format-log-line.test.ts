import assert from "node:assert/strict";
import { test } from "node:test";
import { formatLogLine } from "../../../../host/services/logger/format-log-line.ts";
import type { LogEntry } from "../../../../host/services/logger/log-entry.ts";

const entry: LogEntry = {
  timeMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  plugin: "api",
  source: "plugin",
  level: "warn",
  message: "slow answer",
  fields: { ms: 120, path: "/a", note: "two words", id: 2n ** 60n, raw: Buffer.from("hi") },
};

test("a log entry reads as one line", () => {
  const line =
    '03:04:05.006 warn  api: slow answer ms=120 path=/a note="two words" id=1152921504606846976 raw="aGk="';
  assert.equal(formatLogLine(entry), line);
});

test("a line that the host writes about a plugin is told apart from the plugin's own", () => {
  const line = formatLogLine({ ...entry, source: "host", message: "started", fields: undefined });
  assert.equal(line, "03:04:05.006 warn  api (host): started");
});

test("a key that would look like other fields is quoted", () => {
  const line = formatLogLine({ ...entry, fields: { "ok level=error plugin": 1, "a=b": "c=d" } });
  assert.equal(line, '03:04:05.006 warn  api: slow answer "ok level=error plugin"=1 "a=b"="c=d"');
});

test("a line that belongs to a request names it where no plugin writes", () => {
  const line = formatLogLine({ ...entry, requestId: "r-1", message: "slow", fields: { requestId: "r-2" } });
  assert.equal(line, "03:04:05.006 warn  api [r-1]: slow requestId=r-2");
});
