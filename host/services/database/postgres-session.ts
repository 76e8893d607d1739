import { readFile } from "node:fs/promises";
import { connect as connectSocket, Socket } from "node:net";
import pg from "pg";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { Clock } from "../../core/clock.ts";
import type { DatabaseLimits } from "./database-limits.ts";
import type { PostgresUrl } from "./database-url.ts";
import { POOLER } from "./pooler.ts";
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

  private constructor(options: PostgresSessionOptions, authorities: Buffer | undefined) {
    this.#options = options;
    this.#socket = new Socket();
    this.#client = new pg.Client(clientConfig(options, this.#socket, authorities));
    this.#client.on("error", () => this.destroy());
    this.#client.on("end", () => this.destroy());
  }

  /** @throws Error from pg, from the server, or from reading the file of authorities, when there is no connection. */
  static async connect(options: PostgresSessionOptions): Promise<PostgresSession> {
    const { authorities } = options.url;
    // Read each time, so that a new one is a new file, and nothing else.
    const session = new PostgresSession(
      options,
      authorities === undefined ? undefined : await readFile(authorities),
    );
    try {
      await session.#client.connect();
      if (!options.url.pooled) await session.#verifySettings();
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

  /** Runs a guest's statement outside of its transactions. */
  async runAlone(bound: BoundSql, wants: "rows" | "count"): Promise<PostgresResult> {
    if (!this.#options.url.pooled) return this.run(bound, wants);
    // Only a transaction is all in one session of a pooler's, by the settings that it needs.
    await this.begin();
    try {
      const result = await this.run(bound, wants);
      await this.end("COMMIT");
      return result;
    } catch (error) {
      if (this.alive) await this.end("ROLLBACK").catch(() => this.destroy());
      throw error;
    }
  }

  /** Begins a transaction. */
  async begin(): Promise<void> {
    const { url, readOnly } = this.#options;
    const settings = url.pooled
      ? settingsOf(this.#options).map(([name, value]) => `SET LOCAL ${name} TO '${value}'`)
      : [];
    // The first query fixes what a transaction may do: afterwards no statement can make it write.
    await this.host(
      ["BEGIN", ...settings, ...(readOnly ? ["SET TRANSACTION READ ONLY", "SELECT 1"] : [])].join("; "),
    );
  }

  /** Ends the transaction. */
  async end(how: "COMMIT" | "ROLLBACK"): Promise<void> {
    // With the last answer a pooler gives its session to somebody else.
    await this.host(this.#options.url.pooled ? `${how}; DISCARD TEMP; SELECT pg_advisory_unlock_all()` : how);
  }

  /** Undoes whatever was begun, set, opened or locked in it. */
  async reset(): Promise<void> {
    if (this.state !== "none") await this.end("ROLLBACK");
    if (!this.#options.url.pooled) await this.host("DISCARD ALL");
  }

  /** A pooler may leave out what it does not know, and nobody would notice that a session that only reads can write. */
  async #verifySettings(): Promise<void> {
    const name = "idle_in_transaction_session_timeout";
    const [, wanted] = settingsOf(this.#options).find(([setting]) => setting === name) ?? [];
    const asked = `SELECT setting FROM pg_catalog.pg_settings WHERE name = '${name}'`;
    const { rows } = await this.#client.query<{ setting: string }>(asked);
    if (rows[0]?.setting !== String(wanted)) throw new Error(POOLER);
  }

  /** Stops what runs, if anything does; if it does not stop, the connection is given up. */
  stop(): void {
    if (this.#running === 0 || this.#destroyed) return;
    this.#requestCancel();
    const cancel = this.#options.clock.after(OBEY_MS, () => {
      // A pooler's number is no process.
      if (!this.#options.url.pooled) this.#options.onDisobedience(backendKey(this.#client).processID);
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
    // The server closes when it is done. PgBouncer 1.18 dies of whoever closes before.
    socket.resume().write(request);
  }
}

/** What makes texts have the form that `fromPostgres` reads; and what ends a session whose host is gone. */
function settingsOf({ readOnly, limits }: PostgresSessionOptions): [name: string, value: string | number][] {
  const { statementMs, transactionMs } = limits;
  return Object.entries({
    datestyle: "ISO",
    intervalstyle: "postgres",
    timezone: "UTC",
    bytea_output: "hex",
    extra_float_digits: 3,
    standard_conforming_strings: "on",
    default_transaction_read_only: readOnly ? "on" : "off",
    statement_timeout: statementMs + OBEY_MS,
    idle_in_transaction_session_timeout: transactionMs + OBEY_MS,
  });
}

function clientConfig(
  options: PostgresSessionOptions,
  socket: Socket,
  authorities: Buffer | undefined,
): pg.ClientConfig {
  const { url, plugin, limits } = options;
  return {
    host: url.host,
    port: url.port,
    user: url.user,
    database: url.database,
    // As a function, or pg would look for one in the environment and in files of the host's.
    password: () => url.password,
    ssl: sslOf(url, authorities),
    application_name: `tusk-host: ${plugin}`.slice(0, 63),
    client_encoding: "UTF8",
    connectionTimeoutMillis: limits.connectMs,
    keepAlive: true,
    ...(url.pooled
      ? {}
      : {
          options: settingsOf(options)
            .map(([name, value]) => `-c ${name}=${value}`)
            .join(" "),
        }),
    stream: () => socket,
  };
}

function sslOf({ encryption }: PostgresUrl, authorities: Buffer | undefined): pg.ClientConfig["ssl"] {
  if (encryption === "none") return false;
  return { rejectUnauthorized: encryption === "verified", ...(authorities && { ca: authorities }) };
}

/** What the server gave the connection to be cancelled with; the types of pg do not have it. */
function backendKey(client: pg.Client): { readonly processID: number; readonly secretKey: number } {
  return client as unknown as { readonly processID: number; readonly secretKey: number };
}
