import { skipUnlessPostgres, startPostgres } from "../../../kit/postgres-server.ts";
import { type DatabaseUnderTest, databaseSuite } from "./database-suite.ts";
import { createLoggedHub, databasesOf } from "./serve-plugin.ts";

async function createPostgres(): Promise<DatabaseUnderTest> {
  const server = await startPostgres();
  const database = { statementMs: 1_000, maxRows: 100 };
  const { hub } = createLoggedHub({ databases: { main: server.url }, limits: { database } });
  return {
    endless: "select count(*) from generate_series(1, 1e12) as n where pg_sleep(0.001) is null",
    connect: (access) => databasesOf(hub, "plugin", { database: [{ name: "main", access }] }).open("main"),
    async [Symbol.asyncDispose]() {
      await hub.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

databaseSuite("a PostgreSQL database", createPostgres, skipUnlessPostgres());
