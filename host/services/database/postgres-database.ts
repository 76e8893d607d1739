import { ServiceError } from "../../component/contract/service-error.ts";
import { TurnQueue } from "./turn-queue.ts";
import { WaitingRoom } from "./waiting-room.ts";
import type { Clock } from "../../core/clock.ts";
import type { DatabaseLimits } from "./database-limits.ts";
import type { PostgresUrl } from "./database-url.ts";
import { keepingAwake } from "../keeping-awake.ts";
import { postgresRefusal } from "./postgres-refusal.ts";
import { POOLER } from "./pooler.ts";
import type { PostgresLease, PostgresServer } from "./postgres-server.ts";

export interface PostgresDatabaseOptions {
  readonly plugin: string;
  readonly url: PostgresUrl;
  readonly readOnly: boolean;
  readonly server: PostgresServer;
  readonly clock: Clock;
  readonly limits: DatabaseLimits;
  /** Tells the host's log what the plugin need not know. */
  readonly report: (message: string) => void;
}

/** A database of a PostgreSQL server as one plugin uses it: counts what the plugin asks for at once. */
export class PostgresDatabase {
  readonly options: PostgresDatabaseOptions;
  readonly #room: WaitingRoom<object>;
  readonly #turns: TurnQueue | undefined;

  constructor(options: PostgresDatabaseOptions) {
    this.options = options;
    this.#room = new WaitingRoom(options.limits);
    const { poolSize } = options.url;
    if (poolSize !== undefined) {
      this.#turns = new TurnQueue(options.clock, { turns: poolSize, perParty: poolSize });
    }
  }

  /** Whether anybody has it open. */
  get inUse(): boolean {
    return this.#room.clients.size > 0;
  }

  /** Ends what is kept of its connections to the server for the next who wants one. */
  async close(): Promise<void> {
    this.options.server.drop(this.options);
  }

  /** @throws ServiceError `limit-exceeded` when too many have entered. */
  enter(client: object): void {
    this.#room.enter(client);
  }

  leave(client: object): void {
    this.#room.leave(client);
  }

  /**
   * Lends a connection to the server.
   *
   * @throws ServiceError `unavailable` without one, `limit-exceeded` when too many wait for one.
   */
  lend(): Promise<PostgresLease> {
    return this.#room.wait(async () => {
      const { statementMs } = this.options.limits;
      const endTurn = await keepingAwake(
        this.#turns?.take("", statementMs) ?? Promise.resolve(() => undefined),
      );
      if (endTurn === undefined) {
        throw new ServiceError("timeout", `No connection of the pool was free for ${statementMs} ms.`);
      }
      const lease = await this.#connect().catch((error: unknown) => {
        endTurn();
        throw error;
      });
      return {
        session: lease.session,
        end: () => {
          lease.end();
          endTurn();
        },
      };
    });
  }

  /** What went wrong, as the plugin may know it; the rest is for the log. */
  refuse(error: unknown): ServiceError {
    const refusal = postgresRefusal(error);
    if (refusal.kind !== "unavailable" && refusal.kind !== "internal") return refusal;
    if (error instanceof ServiceError) return refusal;
    this.options.report(`A database failed: ${error instanceof Error ? error.message : String(error)}`);
    const message = "The database cannot do this now. The host's log says why.";
    return new ServiceError(refusal.kind, message, { cause: error });
  }

  async #connect(): Promise<PostgresLease> {
    const { plugin, url, readOnly, server, report } = this.options;
    try {
      return await server.lend({ plugin, url, readOnly, report });
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      // Whatever it was, a password that is wrong or a server that is down: later it may work.
      report(`A database cannot be reached: ${whyUnreachable(error)}`);
      throw new ServiceError("unavailable", "The database cannot be reached. The host's log says why.", {
        cause: error,
      });
    }
  }
}

/** Of certificates and poolers it is said what to do: their errors alone tell nobody. */
function whyUnreachable(error: unknown): string {
  const failure: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const { code = "", message } = failure;
  if (/^(ERR_TLS_CERT|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)) {
    return `its certificate is refused: ${message}. Name the authority that signed it in its URL (sslrootcert=FILE), or have the server show one for this name.`;
  }
  if (/unsupported startup parameter/.test(message)) return POOLER;
  return message;
}
