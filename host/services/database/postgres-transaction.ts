import type { DatabaseTransaction } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import type { PostgresSession } from "./postgres-session.ts";
import type { PostgresResult } from "./postgres-statement.ts";
import { preparePostgres } from "./prepare-postgres.ts";
import { rowObjects } from "./row-objects.ts";

interface PostgresTransactionOptions {
  readonly session: PostgresSession;
  readonly readOnly: boolean;
  /** What the plugin may know of an error. */
  readonly refuse: (error: unknown) => ServiceError;
  /** Called when whatever is asked from now on comes after the transaction. Maybe more than once. */
  readonly onOver: () => void;
  /** Called once, when the session is free again. */
  readonly onEnd: () => void;
}

/** A transaction that PostgreSQL has begun on a connection of the server's. */
export class PostgresTransaction implements DatabaseTransaction {
  readonly #options: PostgresTransactionOptions;
  /** Why nothing can be done in it any more. */
  #over: string | undefined;

  constructor(options: PostgresTransactionOptions) {
    this.#options = options;
    options.session.onLost = () => this.abandon("the connection to the server was lost");
  }

  async query(sql: string, params: readonly JsonValue[]): Promise<JsonValue> {
    const { columns, rows } = await this.#perform(sql, params, "rows");
    return rowObjects(columns, rows);
  }

  async execute(sql: string, params: readonly JsonValue[]): Promise<number> {
    return (await this.#perform(sql, params, "count")).changed;
  }

  /** A transaction in which a statement has failed is rolled back, and that is a conflict. */
  async commit(): Promise<void> {
    this.#mustBeOpen();
    if (this.#options.session.state !== "failed") return this.#finish("COMMIT", "it was committed");
    await this.#finish("ROLLBACK", "a statement in it has failed");
    throw this.#overError();
  }

  async rollback(): Promise<void> {
    this.#mustBeOpen();
    await this.#finish("ROLLBACK", "it was rolled back");
  }

  /** Stops what runs in it and rolls it back, if it is still open, and says why to whoever uses it then. */
  abandon(reason: string): void {
    if (this.#over !== undefined) return;
    this.#options.session.stop();
    // What makes the rollback fail ends the transaction too.
    void this.#finish("ROLLBACK", reason).catch(() => undefined);
  }

  [Symbol.dispose](): void {
    this.abandon("it was dropped");
  }

  async #perform(
    sql: string,
    params: readonly JsonValue[],
    wants: "rows" | "count",
  ): Promise<PostgresResult> {
    this.#mustBeOpen();
    const { session, readOnly, refuse } = this.#options;
    const bound = preparePostgres(sql, params, { readOnly, inTransaction: true });
    try {
      return await session.run(bound, wants);
    } catch (thrown) {
      const error = refuse(thrown);
      // Its locks are not held any longer for a plugin that takes its time.
      if (error.kind === "timeout") this.abandon("a statement in it took too long");
      throw error;
    } finally {
      if (session.alive && session.state === "none") this.abandon("a statement ended it");
    }
  }

  async #finish(end: "COMMIT" | "ROLLBACK", reason: string): Promise<void> {
    const { session, refuse, onOver, onEnd } = this.#options;
    this.#over = reason;
    session.onLost = undefined;
    // What comes after a rollback need not wait for it.
    if (end === "ROLLBACK") onOver();
    try {
      if (session.alive) await session.end(end);
      else if (end === "COMMIT") throw new Error("The connection is gone.");
    } catch (error) {
      throw refuse(error);
    } finally {
      onOver();
      onEnd();
    }
  }

  #mustBeOpen(): void {
    if (this.#over !== undefined) throw this.#overError();
  }

  #overError(): ServiceError {
    return new ServiceError("conflict", `The transaction is over: ${this.#over}.`);
  }
}
