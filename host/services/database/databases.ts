import { mkdtemp, realpath, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { Clock } from "../../core/clock.ts";
import { HostError } from "../../core/error.ts";
import type { DatabaseLimits } from "./database-limits.ts";
import type { BackupFolders } from "./backup-folders.ts";
import { type DatabaseUrl, parseDatabaseUrl, type PostgresUrl } from "./database-url.ts";
import type { OpenConnection } from "./open-connection.ts";
import { PostgresConnection } from "./postgres-connection.ts";
import { PostgresDatabase } from "./postgres-database.ts";
import { PostgresServer } from "./postgres-server.ts";
import { SqliteConnection } from "./sqlite-connection.ts";
import { SqliteDatabase } from "./sqlite-database.ts";
import { TurnQueue } from "./turn-queue.ts";

/** Who opens which database. */
interface OpenRequest {
  readonly plugin: string;
  /** One of the settings, or a URL. */
  readonly name: string;
  readonly readOnly: boolean;
  readonly backups: BackupFolders;
}

interface DatabasesOptions {
  readonly clock: Clock;
  readonly limits: DatabaseLimits;
  /** URLs by the names under which plugins know the databases. */
  readonly urls: Readonly<Record<string, string>>;
  /** Where relative file names begin. */
  readonly folder: string;
  /** Where a folder for temporary files is made. */
  readonly temporaryRoot: string;
  readonly report: (plugin: string, message: string) => void;
}

// What SQLite keeps beside a database.
const SUFFIXES = ["", "-wal", "-shm", "-journal"];

/**
 * The databases of a host.
 *
 * What plugins call a database in memory is a file in a folder of the host's own, which is removed when the
 * host closes: so it stays when a statement that never ended had to be killed. Each plugin has its own.
 */
export class Databases implements AsyncDisposable {
  readonly options: DatabasesOptions;
  readonly #databases = new Map<string, SqliteDatabase>();
  readonly #remote = new Map<string, PostgresDatabase>();
  /** By host and port. */
  readonly #servers = new Map<string, PostgresServer>();
  readonly #turns = new Map<string, TurnQueue>();
  #temporaryFolder: Promise<string> | undefined;
  #memories = 0;
  #closed = false;

  /** @throws HostError DATABASE_SETTING when a URL cannot be used. */
  constructor(options: DatabasesOptions) {
    this.options = options;
    for (const [name, url] of Object.entries(options.urls)) {
      const parsed = parseDatabaseUrl(url, options.folder);
      if (parsed.kind === "invalid") throw new HostError("DATABASE_SETTING", { name, reason: parsed.reason });
    }
  }

  /** Opens the database that a plugin means by `name`. */
  async open({ plugin, name, readOnly, backups }: OpenRequest): Promise<OpenConnection> {
    const url = this.urlOf(name);
    if (url.kind === "postgres") {
      return await PostgresConnection.open(this.#findRemote(plugin, url, readOnly), backups);
    }
    return await SqliteConnection.open(await this.#findFile(plugin, name, url), readOnly, backups);
  }

  async #findFile(
    plugin: string,
    name: string,
    url: Exclude<DatabaseUrl, PostgresUrl>,
  ): Promise<SqliteDatabase> {
    const file = url.kind === "sqlite-file" ? await this.#realFile(plugin, url.file) : undefined;
    const temporaryFolder = await this.temporaryFolder();
    this.#mustBeOpen();
    const key = `${plugin}\0${file ?? `\0${name}`}`;
    const known = this.#databases.get(key);
    if (known) return known;
    const { clock, limits, report } = this.options;
    const database = new SqliteDatabase({
      plugin,
      file: file ?? join(temporaryFolder, `memory-${++this.#memories}.db`),
      temporary: file === undefined,
      temporaryFolder,
      clock,
      limits,
      turns: this.#turnsOf(file ?? key),
      report: (message) => report(plugin, message),
    });
    this.#databases.set(key, database);
    return database;
  }

  /** @throws ServiceError `not-found` when there is no such name, `unsupported` for a URL that cannot be used. */
  urlOf(name: string): DatabaseUrl {
    const { urls, folder } = this.options;
    const url = Object.hasOwn(urls, name) ? urls[name] : undefined;
    if (url === undefined && !name.includes(":")) {
      throw new ServiceError("not-found", "The settings of the host have no database of this name.");
    }
    const parsed = parseDatabaseUrl(url ?? name, folder);
    if (parsed.kind !== "invalid") return parsed;
    throw new ServiceError("unsupported", `This URL of a database cannot be used: ${parsed.reason}.`);
  }

  /** Whether a file, given without symbolic links, belongs to a database of the settings, or to one in use. */
  async isLive(file: string): Promise<boolean> {
    const inUse = this.#databases.values().map((database) => database.options.file);
    const named = Object.values(this.options.urls).map(async (url) => {
      const parsed = parseDatabaseUrl(url, this.options.folder);
      return parsed.kind === "sqlite-file" ? realFile(parsed.file).catch(() => undefined) : undefined;
    });
    const live = [...inUse, ...(await Promise.all(named))].filter((database) => database !== undefined);
    return live.some((database) => SUFFIXES.some((suffix) => file === database + suffix));
  }

  /** A folder that only this host can read, removed when it closes. */
  async temporaryFolder(): Promise<string> {
    this.#mustBeOpen();
    this.#temporaryFolder ??= mkdtemp(join(this.options.temporaryRoot, "tusk-host-"));
    return await this.#temporaryFolder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const server of this.#servers.values()) server.close();
    await Promise.all(this.#databases.values().map((database) => database.close()));
    if (this.#temporaryFolder) await rm(await this.#temporaryFolder, { recursive: true, force: true });
  }

  #findRemote(plugin: string, url: PostgresUrl, readOnly: boolean): PostgresDatabase {
    this.#mustBeOpen();
    const { clock, limits, report } = this.options;
    const key = JSON.stringify([plugin, url, readOnly]);
    const known = this.#remote.get(key);
    if (known) return known;
    const database = new PostgresDatabase({
      plugin,
      url,
      readOnly,
      server: this.#serverOf(url),
      clock,
      limits,
      report: (message) => report(plugin, message),
    });
    this.#remote.set(key, database);
    return database;
  }

  #serverOf({ host, port }: PostgresUrl): PostgresServer {
    const { clock, limits } = this.options;
    const address = `${host}:${port}`;
    const server = this.#servers.get(address) ?? new PostgresServer(clock, limits);
    this.#servers.set(address, server);
    return server;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new ServiceError("unavailable", "The host is closing.");
  }

  #turnsOf(file: string): TurnQueue {
    const turns = this.#turns.get(file) ?? new TurnQueue(this.options.clock);
    this.#turns.set(file, turns);
    return turns;
  }

  async #realFile(plugin: string, file: string): Promise<string> {
    try {
      return await realFile(file);
    } catch (cause) {
      this.options.report(plugin, `The folder of the database ${file} cannot be found.`);
      throw new ServiceError("unavailable", "The file of the database cannot be reached.", { cause });
    }
  }
}

/** The file without symbolic links; it need not exist yet, but its folder must. */
async function realFile(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    return join(await realpath(dirname(file)), basename(file));
  }
}
