import { connect as connectSocket, Socket } from "node:net";
import pg from "pg";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { Clock } from "../../core/clock.ts";
import type { DatabaseLimits } from "./database-limits.ts";
import type { PostgresUrl } from "./database-url.ts";
import { PostgresStatement, type PostgresResult } from "./postgres-statement.ts";
import type { BoundSql } from "./postgres-placeholders.ts";

interface PostgresSessionOptions {
  readonly url: PostgresUrl;
  readonly readOnly: boolean;
  /** Who uses it, as the server's own views show. */
  readonly plugin: string;
  readonly clock: Clock;
  readonly limits: DatabaseLimits;
  /** Called once, when the connection is gone. */
  readonly onLost: (session: PostgresSession) => void;
  /** Called when a statement goes on although it was cancelled: the process of the server that runs it has to be ended. */
  readonly onDisobedience: (processId: number) => void;
}

// How long the server may take to obey, before the connection is given up.
const OBEY_MS = 1_000;

const CANCEL_REQUEST = 80_877_102;

/**
 * One connection to a PostgreSQL server, on which one statement at a time runs. What a guest could set in it is
 * back to its beginning after `reset`.
 */
export class PostgresSession {
  /** Called when the connection is gone: for whoever uses it now. */
  onLost: (() => void) | undefined;
  readonly #options: PostgresSessionOptions;
  readonly #socket: Socket;
  readonly #client: pg.Client;
  #lastTask: Promise<unknown> = Promise.resolve();
  #running = 0;
  #cancelled: Promise<void> = Promise.resolve();
  #endRest: (() => void) | undefined;
  #destroyed = false;

  private constructor(options: PostgresSessionOptions) {
    this.#options = options;
    this.#socket = new Socket();
    this.#client = new pg.Client(clientConfig(options, this.#socket));
    this.#client.on("error", () => this.destroy());
    this.#client.on("end", () => this.destroy());
  }

  /** @throws Error from pg, or from the server, when there is no connection. */
  static async connect(options: PostgresSessionOptions): Promise<PostgresSession> {
    const session = new PostgresSession(options);
    try {
      await session.#client.connect();
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  get alive(): boolean {
    return !this.#destroyed;
  }

  /** Whether a transaction is open, has failed and waits for its end, or none is there. */
  get state(): "none" | "open" | "failed" {
    const status = this.#client.getTransactionStatus();
    if (status === "E") return "failed";
    return status === "T" ? "open" : "none";
  }

  /** Runs a guest's statement within the limit of time. */
  run({ text, values }: BoundSql, wants: "rows" | "count"): Promise<PostgresResult> {
    const { maxRows, maxResultBytes, statementMs } = this.#options.limits;
    return this.#inOrder(statementMs, () => {
      const statement = new PostgresStatement({ text, values, wants, maxRows, maxResultBytes });
      this.#client.query(statement);
      return statement.result;
    });
  }

  /** Runs statements of the host's own. */
  async host(sql: string): Promise<void> {
    await this.#inOrder(this.#options.limits.statementMs, () => this.#client.query(sql));
  }

  /** Undoes whatever was begun, set, opened or locked in it. */
  async reset(): Promise<void> {
    if (this.state !== "none") await this.host("ROLLBACK");
    await this.host("DISCARD ALL");
  }

  /** Stops what runs, if anything does; if it does not stop, the connection is given up. */
  stop(): void {
    if (this.#running === 0 || this.#destroyed) return;
    this.#requestCancel();
    const cancel = this.#options.clock.after(OBEY_MS, () => {
      this.#options.onDisobedience(backendKey(this.#client).processID);
      this.destroy();
    });
    void this.#lastTask.then(cancel, cancel);
  }

  /** Nobody uses it now: it does not keep the process alive, and ends after `idleMs`. */
  rest(idleMs: number): void {
    this.#socket.unref();
    this.#endRest = this.#options.clock.after(idleMs, () => this.destroy());
  }

  /** Somebody uses it again. */
  wake(): void {
    this.#socket.ref();
    this.#endRest?.();
  }

  /** Ends the connection at once; the server rolls back. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#endRest?.();
    if (this.#running > 0) this.#requestCancel();
    this.#client.connection.stream.destroy();
    this.#socket.destroy();
    this.onLost?.();
    this.#options.onLost(this);
  }

  #inOrder<T>(limitMs: number, task: () => Promise<T>): Promise<T> {
    const result = this.#lastTask.then(() => this.#timed(limitMs, task));
    this.#lastTask = result.catch(() => undefined);
    return result;
  }

  async #timed<T>(limitMs: number, task: () => Promise<T>): Promise<T> {
    // Or what was meant for the statement before would hit this one.
    await this.#cancelled;
    if (this.#destroyed) throw new Error("The connection is gone.");
    let late = false;
    this.#running += 1;
    const cancel = this.#options.clock.after(limitMs, () => {
      late = true;
      this.stop();
    });
    try {
      return await task();
    } catch (error) {
      if (late && !(error instanceof ServiceError)) {
        throw new ServiceError("timeout", `The statement was stopped after ${limitMs} ms.`, { cause: error });
      }
      throw error;
    } finally {
      cancel();
      this.#running -= 1;
    }
  }

  /** As the protocol has it: on a connection of its own, with the key that this one was given. */
  #requestCancel(): void {
    const { host, port } = this.#options.url;
    const { processID, secretKey } = backendKey(this.#client);
    const request = Buffer.alloc(16);
    request.writeInt32BE(16, 0);
    request.writeInt32BE(CANCEL_REQUEST, 4);
    request.writeInt32BE(processID, 8);
    request.writeInt32BE(secretKey, 12);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#cancelled = promise;
    const socket = connectSocket({ host, port }).once("close", () => resolve());
    socket.setTimeout(OBEY_MS, () => socket.destroy());
    // Where it cannot be sent there is no server that could be running anything.
    socket.on("error", () => undefined);
    socket.end(request);
  }
}

function clientConfig(
  { url, readOnly, plugin, limits }: PostgresSessionOptions,
  socket: Socket,
): pg.ClientConfig {
  const { statementMs, transactionMs, connectMs } = limits;
  // What makes texts have the form that `fromPostgres` reads; and what ends a session whose host is gone.
  const settings = {
    datestyle: "ISO",
    intervalstyle: "postgres",
    timezone: "UTC",
    bytea_output: "hex",
    extra_float_digits: 3,
    standard_conforming_strings: "on",
    default_transaction_read_only: readOnly ? "on" : "off",
    statement_timeout: statementMs + OBEY_MS,
    idle_in_transaction_session_timeout: transactionMs + OBEY_MS,
  };
  return {
    host: url.host,
    port: url.port,
    user: url.user,
    database: url.database,
    // As a function, or pg would look for one in the environment and in files of the host's.
    password: () => url.password,
    ssl: sslOf(url),
    application_name: `tusk-host: ${plugin}`.slice(0, 63),
    client_encoding: "UTF8",
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(" "),
    stream: () => socket,
  };
}

function sslOf({ encryption }: PostgresUrl): pg.ClientConfig["ssl"] {
  if (encryption === "none") return false;
  return { rejectUnauthorized: encryption === "verified" };
}

/** What the server gave the connection to be cancelled with; the types of pg do not have it. */
function backendKey(client: pg.Client): { readonly processID: number; readonly secretKey: number } {
  return client as unknown as { readonly processID: number; readonly secretKey: number };
}
