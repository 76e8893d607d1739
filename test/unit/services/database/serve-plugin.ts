import assert from "node:assert/strict";
import type { DatabaseService } from "../../../../host/component/contract/services.ts";
import type { LogEntry } from "../../../../host/services/logger/log-entry.ts";
import type { Permissions } from "../../../../host/config/settings.ts";
import {
  createServiceHub,
  type ServiceHub,
  type ServiceHubOptions,
} from "../../../../host/services/service-hub.ts";

/** A hub whose log is kept. */
export function createLoggedHub(options: Omit<ServiceHubOptions, "log">): {
  hub: ServiceHub;
  log: LogEntry[];
} {
  const log: LogEntry[] = [];
  return { hub: createServiceHub({ ...options, log: { write: (entry) => void log.push(entry) } }), log };
}

/** The databases of a generation of a plugin, and how to close it. */
export function databasesOf(
  hub: ServiceHub,
  plugin: string,
  permissions: Partial<Permissions>,
): DatabaseService & { close(): Promise<void> } {
  const served = hub.servicesFor({ plugin, config: {}, permissions });
  const { database } = served.forInstance().services;
  assert.ok(database);
  return { open: (name) => database.open(name), close: () => served.close() };
}

/** Full access to a database of this name. */
export function granted(name: string): Partial<Permissions> {
  return { database: [{ name, access: "write" }] };
}

export const ENDLESS =
  "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) as n from c";
