import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDatabaseUrl } from "../../../../host/services/database/database-url.ts";

const parse = (url: string): object => parseDatabaseUrl(url, "/home/host");

test("URLs of SQLite databases are understood", () => {
  assert.deepEqual(parse("sqlite::memory:"), { kind: "sqlite-memory" });
  for (const url of ["sqlite:data/app.db", "sqlite://data/app.db", "sqlite:/home/host/x/../data/app.db"]) {
    assert.deepEqual(parse(url), { kind: "sqlite-file", file: "/home/host/data/app.db" }, url);
  }
  assert.deepEqual(parse("sqlite:///srv/app.db"), { kind: "sqlite-file", file: "/srv/app.db" });
});

test("URLs that mean nothing are refused, without being repeated", () => {
  for (const url of [
    "",
    "main",
    "sqlite:",
    "sqlite:a?mode=ro",
    "sqlite:a\0b",
    "sqlite:a/",
    "postgres://u:secret@h/d",
  ]) {
    const parsed = parseDatabaseUrl(url, "/home/host");
    assert.ok(parsed.kind === "invalid" && !parsed.reason.includes("secret"), url);
  }
});
