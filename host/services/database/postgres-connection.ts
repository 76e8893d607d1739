import type { DatabaseTransaction } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import type { BackupFolders } from "./backup-folders.ts";
import type { OpenConnection } from "./open-connection.ts";
import type { PostgresDatabase } from "./postgres-database.ts";
import { dumpPostgres } from "./postgres-dump.ts";
import { preparePostgres } from "./prepare-postgres.ts";
import type { PostgresLease } from "./postgres-server.ts";
import type { PostgresSession } from "./postgres-session.ts";
import type { PostgresResult } from "./postgres-statement.ts";
import { PostgresTransaction } from "./postgres-transaction.ts";
import { rowObjects } from "./row-objects.ts";

/**
 * A plugin's connection to a PostgreSQL database. One of the server's is lent to it for each statement and each
 * transaction, so that what is set in a session ends with them.
 */
export class PostgresConnection implements OpenConnection {
  readonly #database: PostgresDatabase;
  readonly #backups: BackupFolders;
  readonly #closed = Promise.withResolvers<void>();
  /** What runs outside a transaction. */
  readonly #running = new Set<PostgresSession>();
  #lent = 0;
  #transaction: PostgresTransaction | "beginning" | undefined;
  #closing = false;

  private constructor(database: PostgresDatabase, backups: BackupFolders) {
    this.#database = database;
    this.#backups = backups;
  }

  static async open(database: PostgresDatabase, backups: BackupFolders): Promise<PostgresConnection> {
    const connection = new PostgresConnection(database, backups);
    database.enter(connection);
    try {
      (await database.lend()).end();
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async query(sql: string, params: readonly JsonValue[]): Promise<JsonValue> {
    const { columns, rows } = await this.#perform(sql, params, "rows");
    return rowObjects(columns, rows);
  }

  async execute(sql: string, params: readonly JsonValue[]): Promise<number> {
    return (await this.#perform(sql, params, "count")).changed;
  }

  async begin(): Promise<DatabaseTransaction> {
    this.#mustBeFree();
    const { clock, limits, readOnly } = this.#database.options;
    this.#transaction = "beginning";
    try {
      const lease = await this.#lend();
      await lease.session.begin().catch((error: unknown) => {
        this.#giveBack(lease);
        throw this.#database.refuse(error);
      });
      const transaction = new PostgresTransaction({
        session: lease.session,
        readOnly,
        refuse: (error) => this.#database.refuse(error),
        onOver: () => {
          if (this.#transaction === transaction) this.#transaction = undefined;
        },
        onEnd: () => {
          cancel();
          this.#giveBack(lease);
        },
      });
      const cancel = clock.after(limits.transactionMs, () => {
        transaction.abandon(`it was open for more than ${limits.transactionMs} ms`);
      });
      this.#transaction = transaction;
      if (this.#closing) transaction.abandon("its connection was closed");
      return transaction;
    } catch (error) {
      this.#transaction = undefined;
      throw error;
    }
  }

  async backup(path: string): Promise<void> {
    this.#mustBeFree();
    if (this.#database.options.url.pooled) {
      const reason =
        "pg_dump needs a session of its own. Name the server itself, without the pooler, for backups.";
      throw new ServiceError("unsupported", `A backup cannot be made through a pooler: ${reason}`);
    }
    const lease = await this.#lend();
    try {
      await this.#backups.write(path, (file) => dumpPostgres(this.#database.options, file));
    } finally {
      this.#giveBack(lease);
    }
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Nobody is left to hear what a statement would answer: it is stopped. */
  close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      if (this.#transaction instanceof PostgresTransaction) {
        this.#transaction.abandon("its connection was closed");
      }
      for (const session of this.#running) session.stop();
      this.#leaveIfDone();
    }
    return this.closed;
  }

  [Symbol.dispose](): void {
    void this.close();
  }

  /** Outside a transaction. */
  async #perform(
    sql: string,
    params: readonly JsonValue[],
    wants: "rows" | "count",
  ): Promise<PostgresResult> {
    this.#mustBeFree();
    const { readOnly } = this.#database.options;
    const bound = preparePostgres(sql, params, { readOnly, inTransaction: false });
    const lease = await this.#lend();
    this.#running.add(lease.session);
    try {
      return await lease.session.runAlone(bound, wants);
    } catch (error) {
      throw this.#database.refuse(error);
    } finally {
      this.#running.delete(lease.session);
      this.#giveBack(lease);
    }
  }

  async #lend(): Promise<PostgresLease> {
    const lease = await this.#database.lend();
    this.#lent += 1;
    if (!this.#closing) return lease;
    this.#giveBack(lease);
    throw closedError();
  }

  #giveBack(lease: PostgresLease): void {
    this.#lent -= 1;
    lease.end();
    this.#leaveIfDone();
  }

  #leaveIfDone(): void {
    if (!this.#closing || this.#lent > 0) return;
    this.#database.leave(this);
    this.#closed.resolve();
  }

  #mustBeFree(): void {
    if (this.#closing) throw closedError();
    if (this.#transaction !== undefined) {
      throw new ServiceError(
        "conflict",
        "A transaction is open on this connection. Use it, or end it first.",
      );
    }
  }
}

function closedError(): ServiceError {
  return new ServiceError("conflict", "The connection is closed.");
}
