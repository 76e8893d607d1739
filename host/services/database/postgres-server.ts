import { ServiceError } from "../../component/contract/service-error.ts";
import type { Clock } from "../../core/clock.ts";
import type { DatabaseLimits } from "./database-limits.ts";
import type { PostgresUrl } from "./database-url.ts";
import { keepingAwake } from "../keeping-awake.ts";
import { PostgresSession } from "./postgres-session.ts";
import { TurnQueue } from "./turn-queue.ts";

/** Whose a connection is: nobody else ever uses it, for there is no telling what is left in it. */
interface PostgresOwner {
  readonly plugin: string;
  readonly url: PostgresUrl;
  readonly readOnly: boolean;
  /** Tells the host's log what the plugin need not know. */
  readonly report: (message: string) => void;
}

/** A connection that was lent. */
export interface PostgresLease {
  readonly session: PostgresSession;
  /** Gives it back. */
  end(): void;
}

/**
 * The connections to one PostgreSQL server: lent for a statement or a transaction, and kept for a while. There are
 * never more of them than the limit, and plugins that wait for one are served in rotation.
 */
export class PostgresServer {
  readonly #clock: Clock;
  readonly #limits: DatabaseLimits;
  readonly #turns: TurnQueue;
  readonly #open = new Set<PostgresSession>();
  /** Those that are not lent, with their owners. The one that was not used for the longest time comes first. */
  readonly #idle = new Map<PostgresSession, string>();
  #connecting = 0;
  #closed = false;

  constructor(clock: Clock, limits: DatabaseLimits) {
    this.#clock = clock;
    this.#limits = limits;
    const { maxServerConnections, maxPluginServerConnections } = limits;
    this.#turns = new TurnQueue(clock, {
      turns: maxServerConnections,
      perParty: maxPluginServerConnections,
    });
  }

  /**
   * Lends a connection, and waits for one where all are lent.
   *
   * @throws ServiceError `timeout` when none was free in time; what pg throws when there is no connection.
   */
  async lend(owner: PostgresOwner): Promise<PostgresLease> {
    const { statementMs } = this.#limits;
    const endTurn = await keepingAwake(this.#turns.take(owner.plugin, statementMs));
    if (endTurn === undefined) {
      throw new ServiceError("timeout", `No connection to the server was free for ${statementMs} ms.`);
    }
    try {
      if (this.#closed) throw new ServiceError("unavailable", "The host is closing.");
      const key = keyOf(owner);
      const session = this.#takeIdle(key) ?? (await this.#connect(owner));
      const end = (): void => {
        this.#takeBack(session, key);
        endTurn();
      };
      return { session, end };
    } catch (error) {
      endTurn();
      throw error;
    }
  }

  /** Ends the connections of an owner that are not lent. */
  drop(owner: PostgresOwner): void {
    const key = keyOf(owner);
    for (const [session, of] of this.#idle) if (of === key) session.destroy();
  }

  close(): void {
    this.#closed = true;
    for (const session of this.#open) session.destroy();
  }

  #takeIdle(key: string): PostgresSession | undefined {
    const [session] = this.#idle.entries().find(([, owner]) => owner === key) ?? [];
    if (session === undefined) return undefined;
    this.#idle.delete(session);
    session.wake();
    return session;
  }

  async #connect(owner: PostgresOwner): Promise<PostgresSession> {
    const [oldest] = this.#idle.keys();
    // As many as are not idle have their turn: so if there is no room, one of them is.
    if (this.#open.size + this.#connecting >= this.#limits.maxServerConnections) oldest?.destroy();
    this.#connecting += 1;
    try {
      const session = await this.#start(owner);
      this.#open.add(session);
      if (this.#closed) session.destroy();
      return session;
    } finally {
      this.#connecting -= 1;
    }
  }

  #start(owner: PostgresOwner): Promise<PostgresSession> {
    const { plugin, url, readOnly } = owner;
    return PostgresSession.connect({
      plugin,
      url,
      readOnly,
      clock: this.#clock,
      limits: this.#limits,
      onLost: (session) => {
        this.#open.delete(session);
        this.#idle.delete(session);
      },
      onDisobedience: (processId) => void this.#terminate(owner, processId),
    });
  }

  /** On a connection of its own, and beyond the limit, for what it ends is a connection. */
  async #terminate(owner: PostgresOwner, processId: number): Promise<void> {
    try {
      const session = await this.#start(owner);
      await session.host(`SELECT pg_terminate_backend(${processId})`).finally(() => session.destroy());
      owner.report("A statement went on although it was cancelled. Its process on the server was ended.");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      owner.report(`A statement went on although it was cancelled, and cannot be ended: ${reason}`);
    }
  }

  /** Whoever gets it next waits until all that it was used for is undone. */
  #takeBack(session: PostgresSession, key: string): void {
    if (!session.alive) return;
    session.reset().catch(() => session.destroy());
    session.rest(this.#limits.idleMs);
    this.#idle.set(session, key);
  }
}

function keyOf({ plugin, url, readOnly }: PostgresOwner): string {
  return JSON.stringify([plugin, url, readOnly]);
}
