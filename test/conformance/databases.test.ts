import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { skipUnlessPostgres, startPostgres } from "../kit/postgres-server.ts";
import { databaseConformance, type Engine } from "./databases.ts";

const ENGINES: readonly Engine[] = [
  {
    title: "SQLite",
    skip: false,
    async start() {
      const folder = await mkdtemp(join(tmpdir(), "tusk-test-"));
      return {
        url: `sqlite:${join(folder, "main.db")}`,
        [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
      };
    },
    endless: "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c",
    bytes: "BLOB",
  },
  {
    title: "PostgreSQL",
    skip: skipUnlessPostgres(),
    start: () => startPostgres(),
    endless: "SELECT pg_sleep(3600)",
    bytes: "BYTEA",
  },
];

for (const engine of ENGINES) {
  databaseConformance("Rust", "conformance-rust", engine);
  databaseConformance("AssemblyScript", "conformance-as", engine);
}
