import { rm } from "node:fs/promises";
import type { Clock } from "../../core/clock.ts";
import type { DatabaseLimits } from "./database-limits.ts";
import { SqliteChild, type SqliteFailure } from "./sqlite-child.ts";
import { SQLITE_SUFFIXES } from "./sqlite-suffixes.ts";
import type { SqliteAnswer, SqliteRequest, SqliteSessionSettings } from "./sqlite-message.ts";
import type { TurnQueue } from "./turn-queue.ts";
import { WaitingRoom } from "./waiting-room.ts";

// For a process to start and open a file, on a machine with much to do.
const OPENING_MS = 15_000;

// What a client that leaves is still asking for gets no more time than this: nobody waits for the answer.
const LEAVING_MS = 100;

interface SqliteDatabaseOptions {
  readonly plugin: string;
  readonly file: string;
  /** Whether it is a database in memory, as far as the plugin knows. */
  readonly temporary: boolean;
  readonly temporaryFolder: string;
  readonly clock: Clock;
  readonly limits: DatabaseLimits;
  /** Who may write to the file next: shared by all plugins that use it. */
  readonly turns: TurnQueue;
  /** Tells the host's log what the plugin need not know. */
  readonly report: (message: string) => void;
}

/** A connection, as the database sees it. */
export interface SqliteClient {
  readonly session: number;
  readonly readOnly: boolean;
  /** Called when the process is gone, and with it what the session had open. */
  lost(): void;
}

/**
 * One SQLite file as one plugin uses it: a process that is started when it is needed, and in it a session for
 * each of the plugin's connections.
 *
 * Requests are answered one after the other. A statement over its limit costs the process, and the plugin the
 * transactions that it had open on this file; what was committed stays, other plugins notice nothing, and the
 * connections go on in the next process.
 */
export class SqliteDatabase {
  readonly options: SqliteDatabaseOptions;
  readonly #room: WaitingRoom<SqliteClient>;
  readonly #leaving = new Set<SqliteClient>();
  /** Whose request the process is answering. */
  #asking: SqliteClient | undefined;
  #child: SqliteChild | undefined;
  #lastTask: Promise<unknown> = Promise.resolve();
  #sessions = 0;
  #cancelIdle: (() => void) | undefined;
  #closed = false;

  constructor(options: SqliteDatabaseOptions) {
    this.options = options;
    this.#room = new WaitingRoom(options.limits);
  }

  /** Whether anybody has it open. */
  get inUse(): boolean {
    return this.#room.clients.size > 0;
  }

  /** A number for a session that nobody else has. */
  nextSession(): number {
    this.#sessions += 1;
    return this.#sessions;
  }

  /** @throws ServiceError `limit-exceeded` when too many have entered. */
  enter(client: SqliteClient): void {
    this.#room.enter(client);
    this.#cancelIdle?.();
  }

  /** Ends a client's session, which rolls back what it left open. What it was asking for is stopped. */
  async leave(client: SqliteClient): Promise<void> {
    const { clock, limits } = this.options;
    this.#leaving.add(client);
    const cancel = clock.after(LEAVING_MS, () => {
      if (this.#asking === client) void this.#child?.kill("stopped");
    });
    await this.#inOrder(async () => {
      if (!this.#child?.sessions.delete(client.session)) return;
      await this.#child.ask({ type: "close", session: client.session }, limits.statementMs);
    });
    cancel();
    this.#leaving.delete(client);
    this.#room.leave(client);
    if (this.#room.clients.size > 0 || this.#closed) return;
    this.#cancelIdle?.();
    this.#cancelIdle = clock.after(limits.idleMs, () => {
      void this.#inOrder(async () => {
        if (this.#room.clients.size === 0) await this.#child?.kill("closed");
      });
    });
  }

  /**
   * Asks the process for something when everything that was asked before is done. Without a request the
   * client's session is opened, which a request does too where it is needed.
   *
   * @throws ServiceError `limit-exceeded` when too many requests are waiting.
   */
  ask(
    client: SqliteClient,
    request: SqliteRequest | undefined,
    limitMs: number,
  ): Promise<SqliteAnswer | SqliteFailure> {
    return this.#room.wait(() => this.#inOrder(() => this.#deliver(client, request, limitMs)));
  }

  /** Ends the process at once. Every request from now on fails; what was in memory is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelIdle?.();
    await this.#child?.kill("closed");
    const { file, temporary } = this.options;
    if (temporary) for (const suffix of SQLITE_SUFFIXES) await rm(file + suffix, { force: true });
  }

  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#lastTask.then(task);
    this.#lastTask = result.catch(() => undefined);
    return result;
  }

  async #deliver(
    client: SqliteClient,
    request: SqliteRequest | undefined,
    limitMs: number,
  ): Promise<SqliteAnswer | SqliteFailure> {
    if (this.#closed) return { type: "closed" };
    if (this.#leaving.has(client) && request !== undefined && "sql" in request) return { type: "closed" };
    const child = (this.#child ??= this.#start());
    let answer: SqliteAnswer | SqliteFailure = { type: "done", inTransaction: false };
    if (!child.sessions.has(client.session)) {
      answer = await child.ask(this.#opening(client), OPENING_MS);
      if (answer.type === "done") child.sessions.add(client.session);
    }
    if (answer.type === "done" && request !== undefined) {
      this.#asking = client;
      answer = await child.ask(request, limitMs);
      this.#asking = undefined;
    }
    if (isFailure(answer)) await child.ended;
    return answer;
  }

  #start(): SqliteChild {
    const child = new SqliteChild(this.options.clock, this.options.temporaryFolder);
    void this.#forget(child);
    return child;
  }

  async #forget(child: SqliteChild): Promise<void> {
    await child.ended;
    this.#child = undefined;
    for (const client of this.#room.clients) client.lost();
  }

  #opening({ session, readOnly }: SqliteClient): SqliteRequest {
    const { file, temporary, limits } = this.options;
    const { maxRows, maxResultBytes, statementMs } = limits;
    const maxDatabaseBytes = temporary ? limits.maxMemoryDatabaseBytes : Infinity;
    const settings: SqliteSessionSettings = {
      file,
      readOnly,
      temporary,
      maxRows,
      maxResultBytes,
      maxDatabaseBytes,
      statementMs,
    };
    return { type: "open", session, settings };
  }
}

function isFailure({ type }: SqliteAnswer | SqliteFailure): boolean {
  return type === "stopped" || type === "closed" || type === "crashed";
}
