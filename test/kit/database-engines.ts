import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { skipUnlessPostgres, startPostgres } from "./postgres-server.ts";

/** A kind of database, and how a test gets an empty one. */
export interface Engine {
  readonly title: string;
  readonly skip: string | false;
  start(): Promise<EngineUnderTest>;
  /** A statement that takes longer than any test. */
  readonly endless: string;
  /** The type of a column that holds bytes. */
  readonly bytes: string;
}

export interface EngineUnderTest extends AsyncDisposable {
  readonly url: string;
}

export const ENGINES: readonly Engine[] = [
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
