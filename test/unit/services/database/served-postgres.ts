import type { DatabaseConnection, DatabaseService } from "../../../../host/component/contract/services.ts";
import type { DatabaseLimits } from "../../../../host/services/database/database-limits.ts";
import type { LogEntry } from "../../../../host/services/logger/log-entry.ts";
import type { ServiceHub } from "../../../../host/services/service-hub.ts";
import { type PostgresServer, startPostgres } from "../../../kit/postgres-server.ts";
import { createLoggedHub, databasesOf } from "./serve-plugin.ts";

/** A hub whose database `main` is on a PostgreSQL server of its own. */
export interface ServedPostgres extends AsyncDisposable {
  readonly server: PostgresServer;
  readonly hub: ServiceHub;
  readonly log: LogEntry[];
  databases(plugin: string, access?: "read" | "write"): DatabaseService & { close(): Promise<void> };
  open(plugin: string, access?: "read" | "write"): Promise<DatabaseConnection>;
}

export async function servePostgres(limits: Partial<DatabaseLimits> = {}): Promise<ServedPostgres> {
  const server = await startPostgres();
  const { hub, log } = createLoggedHub({ databases: { main: server.url }, limits: { database: limits } });
  const databases: ServedPostgres["databases"] = (plugin, access = "write") =>
    databasesOf(hub, plugin, { database: [{ name: "main", access }] });
  return {
    server,
    hub,
    log,
    databases,
    open: (plugin, access) => databases(plugin, access).open("main"),
    async [Symbol.asyncDispose]() {
      await hub.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
