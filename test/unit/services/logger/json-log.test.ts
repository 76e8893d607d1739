import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { HostError } from "../../../../host/core/error.ts";
import { JsonLog } from "../../../../host/services/logger/json-log.ts";
import type { LogEntry } from "../../../../host/services/logger/log-entry.ts";
import type { LogLevel } from "../../../../host/component/contract/services.ts";

const timeMs = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const entry: LogEntry = {
  timeMs,
  plugin: "api",
  source: "plugin",
  level: "debug",
  message: "slow answer: 100%s",
  requestId: "r-1",
};

function written(write: (log: JsonLog) => void, level?: LogLevel): string {
  let lines = "";
  write(new JsonLog({ write: (line) => (lines += line) }, level));
  return lines;
}

suite("the log as JSON", () => {
  test("is a line for each entry, which says who wrote it and for which request", () => {
    assert.equal(
      written((log) => log.write(entry)),
      '{"level":"debug","time":"2026-01-02T03:04:05.006Z","event":"log","plugin":"api","source":"plugin",' +
        '"requestId":"r-1","message":"slow answer: 100%s"}\n',
    );
  });

  test("keeps integers whole, bytes as base64, and what is nested as deep as it is", () => {
    const deep = Array.from({ length: 60 }).reduce<object>((within) => ({ within }), { end: [1n] });
    const fields = { id: 2n ** 60n, raw: Buffer.from("hi"), list: [new Uint8Array([0])], deep, no: null };
    const line = written((log) => log.write({ ...entry, fields: fields as never }));
    assert.match(line, /"fields":\{"id":1152921504606846976,"raw":"aGk=","list":\["AA=="\],"deep":/);
    assert.match(line, /\{"end":\[1\]\}\}{60},"no":null\},"message"/);
  });

  test("has what plugins call their fields apart from its own", () => {
    const fields = { level: "error", plugin: "other", ["__proto__"]: 1, message: "mine" };
    const parsed = JSON.parse(written((log) => log.write({ ...entry, fields }))) as Record<string, unknown>;
    assert.deepEqual([parsed["level"], parsed["plugin"]], ["debug", "api"]);
    assert.deepEqual(parsed["fields"], fields);
  });

  test("leaves out what the host tells that is milder than its level, but no line of a plugin", () => {
    const tell = (level: LogLevel) => (log: JsonLog) =>
      log.tell({ level, event: "swapped", timeMs, details: { generation: 2 } });
    assert.equal(written(tell("info"), "warn"), "");
    assert.equal(
      written(tell("warn"), "warn"),
      '{"level":"warn","time":"2026-01-02T03:04:05.006Z","event":"swapped","generation":2}\n',
    );
    assert.notEqual(
      written((log) => log.write(entry), "error"),
      "",
    );
  });

  test("says of an error its code, its message and its details, and not where it was thrown", () => {
    const error = new HostError("PLUGIN_UNKNOWN", { plugin: "a", known: ["b"] });
    const line = written((log) => log.tell({ level: "error", event: "failed", timeMs, details: { error } }));
    assert.deepEqual((JSON.parse(line) as { error: unknown }).error, error.toJSON());
  });
});
