import type { DatabaseTransaction } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import type { SqliteAnswer, SqliteRequest } from "./sqlite-message.ts";
import { changedOf, rowsOf } from "./sqlite-results.ts";

interface SqliteTransactionOptions {
  readonly session: number;
  readonly perform: (request: SqliteRequest) => Promise<SqliteAnswer>;
  /** Called when whatever is asked from now on comes after the transaction. Maybe more than once. */
  readonly onOver: () => void;
  /** Called when nothing of the transaction is left in the database. */
  readonly onEnd: () => void;
}

/** A transaction that SQLite has begun on a connection. */
export class SqliteTransaction implements DatabaseTransaction {
  readonly #options: SqliteTransactionOptions;
  /** Why nothing can be done in it any more. */
  #over: string | undefined;

  constructor(options: SqliteTransactionOptions) {
    this.#options = options;
  }

  async query(sql: string, params: readonly JsonValue[]): Promise<JsonValue> {
    this.#mustBeOpen();
    return rowsOf(await this.#perform({ type: "query", session: this.#options.session, sql, params }));
  }

  async execute(sql: string, params: readonly JsonValue[]): Promise<number> {
    this.#mustBeOpen();
    return changedOf(await this.#perform({ type: "execute", session: this.#options.session, sql, params }));
  }

  async commit(): Promise<void> {
    this.#mustBeOpen();
    await this.#finish("commit", "it was committed");
  }

  async rollback(): Promise<void> {
    this.#mustBeOpen();
    await this.#finish("rollback", "it was rolled back");
  }

  /** Rolls it back if it is still open, and says why to whoever uses it then. */
  abandon(reason: string): void {
    // What makes the rollback fail ends the transaction too.
    if (this.#over === undefined) void this.#finish("rollback", reason).catch(() => undefined);
  }

  /** Takes note that SQLite has rolled it back already. */
  lost(reason: string): void {
    if (this.#over !== undefined) return;
    this.#over = reason;
    this.#options.onOver();
    this.#options.onEnd();
  }

  [Symbol.dispose](): void {
    this.abandon("it was dropped");
  }

  #perform(request: SqliteRequest): Promise<SqliteAnswer> {
    return this.#options.perform(request);
  }

  async #finish(type: "commit" | "rollback", reason: string): Promise<void> {
    const { session, onOver, onEnd } = this.#options;
    this.#over = reason;
    // Requests are answered in their order, but a commit may have to be tried again.
    if (type === "rollback") onOver();
    try {
      await this.#perform({ type, session });
    } catch (error) {
      if (type === "commit") await this.#perform({ type: "rollback", session }).catch(() => undefined);
      throw error;
    } finally {
      onOver();
      onEnd();
    }
  }

  #mustBeOpen(): void {
    if (this.#over === undefined) return;
    throw new ServiceError("conflict", `The transaction is over: ${this.#over}.`);
  }
}
