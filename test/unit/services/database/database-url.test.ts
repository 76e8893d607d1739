import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDatabaseUrl, type PostgresUrl } from "../../../../host/services/database/database-url.ts";

const parse = (url: string): object => parseDatabaseUrl(url, "/home/host");

test("URLs of SQLite databases are understood", () => {
  assert.deepEqual(parse("sqlite::memory:"), { kind: "sqlite-memory" });
  for (const url of ["sqlite:data/app.db", "sqlite://data/app.db", "sqlite:/home/host/x/../data/app.db"]) {
    assert.deepEqual(parse(url), { kind: "sqlite-file", file: "/home/host/data/app.db" }, url);
  }
  assert.deepEqual(parse("sqlite:///srv/app.db"), { kind: "sqlite-file", file: "/srv/app.db" });
});

test("URLs of PostgreSQL databases are understood", () => {
  assert.deepEqual(parse("postgres://ada:p%40ss@DB.example:5433/my%20db?sslmode=require&pool_size=3"), {
    kind: "postgres",
    host: "db.example",
    port: 5433,
    database: "my db",
    user: "ada",
    namesUser: true,
    password: "p@ss",
    encryption: "unverified",
    authorities: undefined,
    pooled: false,
    poolSize: 3,
  });
  assert.deepEqual(parse("postgresql://[::1]/d"), {
    kind: "postgres",
    host: "::1",
    port: 5432,
    database: "d",
    user: "postgres",
    namesUser: false,
    password: "",
    encryption: "none",
    authorities: undefined,
    pooled: false,
    poolSize: undefined,
  });
});

test("a URL of PostgreSQL says who vouches for the server, and whether it is a pooler", () => {
  const url = "postgres://h/d?sslmode=verify-full&sslrootcert=certs/ca.pem&pooler=transaction";
  const { encryption, authorities, pooled } = parse(url) as PostgresUrl;
  assert.deepEqual([encryption, authorities, pooled], ["verified", "/home/host/certs/ca.pem", true]);
  for (const parameters of ["sslrootcert=ca.pem", "sslmode=require&sslrootcert=ca.pem", "pooler=session"]) {
    assert.equal((parse(`postgres://h/d?${parameters}`) as { kind: string }).kind, "invalid", parameters);
  }
});

test("URLs that mean nothing are refused, without being repeated", () => {
  for (const url of [
    "",
    "main",
    "sqlite:",
    "sqlite:a?mode=ro",
    "sqlite:a\0b",
    "sqlite:a/",
    "mysql://u:secret@h/d",
    "postgres:secret",
    "postgres://u:secret@h",
    "postgres:///secret",
    "postgres://u:secret@%2Ftmp/d",
    "postgres://u:secret%ff@h/d",
    "postgres://u:secret%00@h/d",
    "postgres://u:secret@h:0x/d",
    "postgres://u:secret@h/d?options=-c%20x",
    "postgres://u:secret@h/d?sslmode=maybe",
    "postgres://u:secret@h/d?pool_size=0",
    "postgres://u:secret@h/d#x",
  ]) {
    const parsed = parseDatabaseUrl(url, "/home/host");
    assert.ok(parsed.kind === "invalid" && !parsed.reason.includes("secret"), url);
  }
});
