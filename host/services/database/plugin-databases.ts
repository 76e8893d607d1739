import type { DatabaseConnection, DatabaseService } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import { quote } from "../../core/error-codes.ts";
import type { Access, DatabaseGrant } from "../../config/settings.ts";
import type { BackupFolders } from "./backup-folders.ts";
import { type DatabaseUrl, parseDatabaseUrl } from "./database-url.ts";
import type { Databases } from "./databases.ts";
import type { OpenConnection } from "./open-connection.ts";
import { SqliteConnection } from "./sqlite-connection.ts";

export interface PluginDatabasesOptions {
  readonly plugin: string;
  readonly grants: readonly DatabaseGrant[];
  readonly databases: Databases;
  readonly backups: BackupFolders;
}

/** The service `database` for one generation of a plugin. It owns the connections that the generation opened. */
export class PluginDatabases implements DatabaseService {
  readonly #options: PluginDatabasesOptions;
  readonly #open = new Set<OpenConnection>();
  #closed = false;

  constructor(options: PluginDatabasesOptions) {
    this.#options = options;
  }

  async open(name: string): Promise<DatabaseConnection> {
    const { plugin, databases, backups } = this.#options;
    const access = this.#accessTo(name);
    const database = await databases.find(plugin, name);
    const connection: OpenConnection = await SqliteConnection.open(database, access === "read", backups);
    this.#open.add(connection);
    void connection.closed.then(() => this.#open.delete(connection));
    if (this.#closed) await this.close();
    return connection;
  }

  /** Closes every connection; what is open in them is rolled back. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#open, (connection) => connection.close()));
  }

  /**
   * What was granted under this name, or under a URL that means the same. "*" is every database but a file that
   * the plugin itself names, for that would be any file of the host.
   *
   * @throws ServiceError `denied` when nothing was granted
   */
  #accessTo(name: string): Access {
    const { plugin, grants, databases } = this.#options;
    const { urls, folder } = databases.options;
    const url = Object.hasOwn(urls, name) ? undefined : parseDatabaseUrl(name, folder);
    const matching = grants.filter(
      (grant) =>
        grant.name === name ||
        (grant.name === "*" && url?.kind !== "sqlite-file") ||
        this.#sameUrl(grant.name, name),
    );
    if (matching.some((grant) => grant.access === "write")) return "write";
    if (matching.length > 0) return "read";
    const grant = `"permissions": { "database": [{ "name": ${quote(name)}, "access": "read" }] }`;
    throw new ServiceError(
      "denied",
      `Plugin ${quote(plugin)} may not use the database ${quote(name)}. Grant it in its settings: ${grant}.`,
    );
  }

  #sameUrl(a: string, b: string): boolean {
    const { folder } = this.#options.databases.options;
    const [left, right] = [parseDatabaseUrl(a, folder), parseDatabaseUrl(b, folder)];
    return isFile(left) && isFile(right) && left.file === right.file;
  }
}

function isFile(url: { readonly kind: string }): url is DatabaseUrl & { readonly kind: "sqlite-file" } {
  return url.kind === "sqlite-file";
}
