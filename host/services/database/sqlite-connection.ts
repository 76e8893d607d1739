import type { DatabaseTransaction } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import type { BackupFolders } from "./backup-folders.ts";
import { keepingAwake } from "../keeping-awake.ts";
import type { OpenConnection } from "./open-connection.ts";
import type { SqliteClient, SqliteDatabase } from "./sqlite-database.ts";
import type { SqliteAnswer, SqliteRequest } from "./sqlite-message.ts";
import { changedOf, rowsOf } from "./sqlite-results.ts";
import { SqliteTransaction } from "./sqlite-transaction.ts";
import type { EndTurn } from "./turn-queue.ts";

// How long to wait before asking again for a lock that a program outside this host holds.
const RETRY_MS = 20;

/** A plugin's connection to an SQLite database. */
export class SqliteConnection implements OpenConnection, SqliteClient {
  readonly session: number;
  readonly readOnly: boolean;
  readonly #database: SqliteDatabase;
  readonly #backups: BackupFolders;
  readonly #closed = Promise.withResolvers<void>();
  #transaction: SqliteTransaction | "beginning" | undefined;
  #closing = false;

  private constructor(database: SqliteDatabase, readOnly: boolean, backups: BackupFolders) {
    this.#database = database;
    this.session = database.nextSession();
    this.readOnly = readOnly;
    this.#backups = backups;
  }

  static async open(
    database: SqliteDatabase,
    readOnly: boolean,
    backups: BackupFolders,
  ): Promise<SqliteConnection> {
    const connection = new SqliteConnection(database, readOnly, backups);
    database.enter(connection);
    try {
      await connection.#perform(undefined);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async query(sql: string, params: readonly JsonValue[]): Promise<JsonValue> {
    return rowsOf(await this.#performAlone({ type: "query", session: this.session, sql, params }));
  }

  async execute(sql: string, params: readonly JsonValue[]): Promise<number> {
    return changedOf(await this.#performAlone({ type: "execute", session: this.session, sql, params }));
  }

  async begin(): Promise<DatabaseTransaction> {
    this.#mustBeFree();
    this.#transaction = "beginning";
    let endTurn: EndTurn | undefined;
    try {
      // A transaction that only reads keeps nobody from writing.
      if (!this.readOnly) endTurn = await this.#takeTurn();
      await this.#perform({ type: "begin", session: this.session });
    } catch (error) {
      this.#transaction = undefined;
      endTurn?.();
      throw error;
    }
    return (this.#transaction = this.#begun(endTurn));
  }

  async backup(path: string): Promise<void> {
    this.#mustBeFree();
    await this.#backups.write(path, async (file) => {
      await this.#performAlone({ type: "backup", session: this.session, file });
    });
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  close(): Promise<void> {
    if (!this.#closing) void this.#close();
    return this.closed;
  }

  [Symbol.dispose](): void {
    void this.close();
  }

  lost(): void {
    this.#lose("the database had to be opened again");
  }

  async #close(): Promise<void> {
    this.#closing = true;
    await this.#database.leave(this);
    this.#lose("its connection was closed");
    this.#closed.resolve();
  }

  #lose(reason: string): void {
    if (this.#transaction instanceof SqliteTransaction) this.#transaction.lost(reason);
  }

  #begun(endTurn: EndTurn | undefined): SqliteTransaction {
    const { clock, limits } = this.#database.options;
    const transaction = new SqliteTransaction({
      session: this.session,
      perform: (request) => this.#perform(request),
      onOver: () => {
        if (this.#transaction === transaction) this.#transaction = undefined;
      },
      onEnd: () => {
        cancel();
        endTurn?.();
      },
    });
    const cancel = clock.after(limits.transactionMs, () => {
      transaction.abandon(`it was open for more than ${limits.transactionMs} ms`);
    });
    return transaction;
  }

  #mustBeFree(): void {
    if (this.#transaction !== undefined) {
      throw new ServiceError(
        "conflict",
        "A transaction is open on this connection. Use it, or end it first.",
      );
    }
  }

  /** Outside a transaction: where somebody else is writing, waits for a turn. */
  async #performAlone(request: SqliteRequest): Promise<SqliteAnswer> {
    this.#mustBeFree();
    const answer = await this.#ask(request);
    if (answer.type !== "busy") return answer;
    const endTurn = await this.#takeTurn();
    try {
      return await this.#perform(request);
    } finally {
      endTurn();
    }
  }

  /** Where a program outside this host holds a lock, tries again until the limit. */
  async #perform(request: SqliteRequest | undefined): Promise<SqliteAnswer> {
    const { clock, limits } = this.#database.options;
    const deadline = clock.monotonic() + limits.statementMs;
    for (;;) {
      const answer = await this.#ask(request);
      if (answer.type !== "busy") return answer;
      if (clock.monotonic() >= deadline) throw tooLongLocked(limits.statementMs);
      await keepingAwake(new Promise<void>((resolve) => void clock.after(RETRY_MS, resolve)));
    }
  }

  async #takeTurn(): Promise<EndTurn> {
    const { plugin, turns, limits } = this.#database.options;
    const endTurn = await keepingAwake(turns.take(plugin, limits.statementMs));
    if (endTurn === undefined) throw tooLongLocked(limits.statementMs);
    return endTurn;
  }

  async #ask(request: SqliteRequest | undefined): Promise<SqliteAnswer> {
    if (this.#closing) throw new ServiceError("conflict", "The connection is closed.");
    const { limits, report } = this.#database.options;
    const limitMs = request?.type === "backup" ? limits.backupMs : limits.statementMs;
    const answer = await this.#database.ask(this, request, limitMs);
    switch (answer.type) {
      case "stopped":
        if (this.#closing) throw new ServiceError("conflict", "The connection is closed.");
        report(`A database process was stopped: a ${request?.type ?? "start"} took more than ${limitMs} ms.`);
        throw new ServiceError("timeout", `The statement was stopped after ${limitMs} ms.`);
      case "closed":
        throw new ServiceError("unavailable", "The host is closing.");
      case "crashed":
        report(`A database process ended by itself: ${answer.detail}`);
        throw new ServiceError(
          "unavailable",
          "The database stopped working. It is opened again when it is used.",
        );
      case "refused":
        if (!answer.inTransaction) this.#lose("a statement rolled it back");
        if (answer.kind !== "unavailable" && answer.kind !== "internal") {
          throw new ServiceError(answer.kind, answer.message);
        }
        report(`A database failed: ${answer.message}`);
        throw new ServiceError(answer.kind, "The database cannot do this now. The host's log says why.");
      default:
        if (!answer.inTransaction) this.#lose("a statement ended it");
        return answer;
    }
  }
}

function tooLongLocked(limitMs: number): ServiceError {
  return new ServiceError("timeout", `Somebody else kept the database locked for ${limitMs} ms.`);
}
