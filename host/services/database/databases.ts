import { mkdtemp, realpath, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { Clock } from "../../core/clock.ts";
import type { DatabaseLimits } from "./database-limits.ts";
import type { BackupFolders } from "./backup-folders.ts";
import type { DatabaseNames } from "./database-names.ts";
import type { DatabaseUrl, PostgresUrl } from "./database-url.ts";
import type { OpenConnection } from "./open-connection.ts";
import { PostgresConnection } from "./postgres-connection.ts";
import { PostgresDatabase } from "./postgres-database.ts";
import { PostgresServer } from "./postgres-server.ts";
import { SqliteConnection } from "./sqlite-connection.ts";
import { SqliteDatabase } from "./sqlite-database.ts";
import { SQLITE_SUFFIXES } from "./sqlite-suffixes.ts";
import { TurnQueue } from "./turn-queue.ts";

/** Who opens which database. */
interface OpenRequest {
  readonly plugin: string;
  /** One of the settings, or a URL. */
  readonly name: string;
  /** What names mean to the plugin. */
  readonly names: DatabaseNames;
  readonly readOnly: boolean;
  readonly backups: BackupFolders;
}

interface DatabasesOptions {
  readonly clock: Clock;
  readonly limits: DatabaseLimits;
  readonly names: DatabaseNames;
  /** Where a folder for temporary files is made. */
  readonly temporaryRoot: string;
  readonly report: (plugin: string, message: string) => void;
}

/** A database, and what a name means by which it was opened; undefined: it was opened by its URL. */
interface Known<T> {
  readonly database: T;
  readonly meaning: string | undefined;
}

/**
 * The databases of a host.
 *
 * What plugins call a database in memory is a file in a folder of the host's own, which is removed when the
 * host closes: so it stays when a statement that never ended had to be killed. Each plugin has its own.
 */
export class Databases implements AsyncDisposable {
  readonly #options: DatabasesOptions;
  #names: DatabaseNames;
  /** How many generations keep to which names. */
  readonly #holders = new Map<DatabaseNames, number>();
  readonly #files = new Map<string, Known<SqliteDatabase>>();
  readonly #remote = new Map<string, Known<PostgresDatabase>>();
  /** By host and port. */
  readonly #servers = new Map<string, PostgresServer>();
  readonly #turns = new Map<string, TurnQueue>();
  #temporaryFolder: Promise<string> | undefined;
  #memories = 0;
  #closed = false;

  constructor(options: DatabasesOptions) {
    this.#options = options;
    this.#names = options.names;
  }

  /** What names mean now, for a generation that keeps to it until it gives it back. */
  hold(): DatabaseNames {
    this.#holders.set(this.#names, (this.#holders.get(this.#names) ?? 0) + 1);
    return this.#names;
  }

  /** A generation has closed all that it opened by these names. */
  release(names: DatabaseNames): void {
    const left = (this.#holders.get(names) ?? 1) - 1;
    if (left > 0) this.#holders.set(names, left);
    else this.#holders.delete(names);
    this.#closeForgotten();
  }

  /**
   * Has names mean something else from now on. What nobody knows by a name any more is closed once the generations
   * have gone that did; a database in memory is gone then.
   */
  use(names: DatabaseNames): void {
    this.#names = names;
    this.#closeForgotten();
  }

  /** Opens the database that a plugin means by `name`. */
  async open({ plugin, name, names, readOnly, backups }: OpenRequest): Promise<OpenConnection> {
    const url = names.resolve(name);
    if (url.kind === "postgres") {
      return await PostgresConnection.open(this.#findRemote({ plugin, name, names, readOnly }, url), backups);
    }
    return await SqliteConnection.open(await this.#findFile({ plugin, name, names }, url), readOnly, backups);
  }

  async #findFile(
    { plugin, name, names }: Pick<OpenRequest, "plugin" | "name" | "names">,
    url: Exclude<DatabaseUrl, PostgresUrl>,
  ): Promise<SqliteDatabase> {
    const file = url.kind === "sqlite-file" ? await this.#realFile(plugin, url.file) : undefined;
    const temporaryFolder = await this.temporaryFolder();
    this.#mustBeOpen();
    const key = `${plugin}\0${file ?? `\0${name}`}`;
    const known = this.#files.get(key);
    if (known) return known.database;
    const { clock, limits, report } = this.#options;
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
    this.#files.set(key, { database, meaning: names.meaningOf(name) });
    return database;
  }

  /** Whether a file, given without symbolic links, belongs to a database of the settings, or to one in use. */
  async isLive(file: string): Promise<boolean> {
    const inUse = this.#files.values().map(({ database }) => database.options.file);
    const named = this.#names.files().map((known) => realFile(known).catch(() => undefined));
    const live = [...inUse, ...(await Promise.all(named))].filter((database) => database !== undefined);
    return live.some((database) => SQLITE_SUFFIXES.some((suffix) => file === database + suffix));
  }

  /** A folder that only this host can read, removed when it closes. */
  async temporaryFolder(): Promise<string> {
    this.#mustBeOpen();
    this.#temporaryFolder ??= mkdtemp(join(this.#options.temporaryRoot, "tusk-host-"));
    return await this.#temporaryFolder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const server of this.#servers.values()) server.close();
    await Promise.all(this.#files.values().map(({ database }) => database.close()));
    if (this.#temporaryFolder) await rm(await this.#temporaryFolder, { recursive: true, force: true });
  }

  #findRemote(
    { plugin, name, names, readOnly }: Omit<OpenRequest, "backups">,
    url: PostgresUrl,
  ): PostgresDatabase {
    this.#mustBeOpen();
    const { clock, limits, report } = this.#options;
    const key = JSON.stringify([plugin, url, readOnly]);
    const known = this.#remote.get(key);
    if (known) return known.database;
    const database = new PostgresDatabase({
      plugin,
      url,
      readOnly,
      server: this.#serverOf(url),
      clock,
      limits,
      report: (message) => report(plugin, message),
    });
    this.#remote.set(key, { database, meaning: names.meaningOf(name) });
    return database;
  }

  /** Closes what was opened by a name that means it to nobody any more. */
  #closeForgotten(): void {
    const meanings = new Set([this.#names, ...this.#holders.keys()].flatMap((names) => names.meanings()));
    for (const all of [this.#files, this.#remote]) {
      for (const [key, { database, meaning }] of all) {
        if (meaning === undefined || meanings.has(meaning) || database.inUse) continue;
        all.delete(key);
        void database.close();
      }
    }
  }

  #serverOf({ host, port }: PostgresUrl): PostgresServer {
    const { clock, limits } = this.#options;
    const address = `${host}:${port}`;
    const server = this.#servers.get(address) ?? new PostgresServer(clock, limits);
    this.#servers.set(address, server);
    return server;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new ServiceError("unavailable", "The host is closing.");
  }

  #turnsOf(file: string): TurnQueue {
    const turns = this.#turns.get(file) ?? new TurnQueue(this.#options.clock);
    this.#turns.set(file, turns);
    return turns;
  }

  async #realFile(plugin: string, file: string): Promise<string> {
    try {
      return await realFile(file);
    } catch (cause) {
      this.#options.report(plugin, `The folder of the database ${file} cannot be found.`);
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
