import type { DatabaseConnection, DatabaseService } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import { quote } from "../../core/error-codes.ts";
import type { Access, DatabaseGrant } from "../../config/settings.ts";
import { hideUrlPasswords } from "../../config/url-password.ts";
import type { BackupFolders } from "./backup-folders.ts";
import type { DatabaseNames } from "./database-names.ts";
import type { ParsedDatabaseUrl } from "./database-url.ts";
import type { Databases } from "./databases.ts";
import type { OpenConnection } from "./open-connection.ts";

interface PluginDatabasesOptions {
  readonly plugin: string;
  readonly grants: readonly DatabaseGrant[];
  readonly databases: Databases;
  readonly backups: BackupFolders;
}

/** The service `database` for one generation of a plugin. It owns the connections that the generation opened. */
export class PluginDatabases implements DatabaseService {
  readonly #options: PluginDatabasesOptions;
  readonly #names: DatabaseNames;
  readonly #open = new Set<OpenConnection>();
  #closed = false;

  constructor(options: PluginDatabasesOptions) {
    this.#options = options;
    this.#names = options.databases.hold();
  }

  async open(name: string): Promise<DatabaseConnection> {
    const { plugin, databases, backups } = this.#options;
    const access = this.#accessTo(name);
    const connection = await databases.open({
      plugin,
      name,
      names: this.#names,
      readOnly: access === "read",
      backups,
    });
    this.#open.add(connection);
    void connection.closed.then(() => this.#open.delete(connection));
    if (this.#closed) await this.#closeAll();
    return connection;
  }

  /** Closes every connection; what is open in them is rolled back. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#closeAll();
    } finally {
      this.#options.databases.release(this.#names);
    }
  }

  async #closeAll(): Promise<void> {
    await Promise.all(Array.from(this.#open, (connection) => connection.close()));
  }

  /**
   * What was granted under this name, or under a URL that covers it. "*" is every database but a file or a server
   * that the plugin itself names, for that would be any file of the host and any server that it can reach.
   *
   * @throws ServiceError `denied` when nothing was granted
   */
  #accessTo(name: string): Access {
    const { plugin, grants } = this.#options;
    const names = this.#names;
    const url = names.has(name) ? undefined : names.parse(name);
    const matching = grants.filter(
      (grant) =>
        grant.name === name ||
        (grant.name === "*" && url?.kind !== "sqlite-file" && url?.kind !== "postgres") ||
        covers(names.parse(grant.name), url),
    );
    if (matching.some((grant) => grant.access === "write")) return "write";
    if (matching.length > 0) return "read";
    const grant = `"permissions": { "database": [{ "name": ${quote(hideUrlPasswords(name))}, "access": "read" }] }`;
    throw new ServiceError(
      "denied",
      `Plugin ${quote(plugin)} may not use the database ${quote(hideUrlPasswords(name))}. Grant it in its settings: ${grant}.`,
    );
  }
}

/** Whether a URL that was granted means what the other one means. Without a user it covers every user. */
function covers(granted: ParsedDatabaseUrl, url: ParsedDatabaseUrl | undefined): boolean {
  if (url?.kind === "sqlite-file") return granted.kind === "sqlite-file" && granted.file === url.file;
  if (url?.kind !== "postgres" || granted.kind !== "postgres") return false;
  return (
    granted.host === url.host &&
    granted.port === url.port &&
    granted.database === url.database &&
    (!granted.namesUser || granted.user === url.user)
  );
}
