import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatabaseUnderTest, databaseSuite } from "./database-suite.ts";
import { createLoggedHub, databasesOf, ENDLESS } from "./serve-plugin.ts";

async function createSqlite(url: string): Promise<DatabaseUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "tusk-test-"));
  const database = { statementMs: 1_000, maxRows: 100 };
  const { hub } = createLoggedHub({ folder, databases: { main: url }, limits: { database } });
  return {
    endless: ENDLESS,
    connect: (access) => databasesOf(hub, "plugin", { database: [{ name: "main", access }] }).open("main"),
    async [Symbol.asyncDispose]() {
      await hub.close();
      await rm(folder, { recursive: true });
    },
  };
}

databaseSuite("an SQLite database in memory", () => createSqlite("sqlite::memory:"));
databaseSuite("an SQLite database in a file", () => createSqlite("sqlite:main.db"));
