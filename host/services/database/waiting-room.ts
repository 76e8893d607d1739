import { ServiceError } from "../../component/contract/service-error.ts";
import type { DatabaseLimits } from "./database-limits.ts";

/** Counts who uses a database of one plugin, and what waits for it, and holds both to their limits. */
export class WaitingRoom<Client extends object> {
  readonly #limits: Pick<DatabaseLimits, "maxConnections" | "maxWaiting">;
  readonly #clients = new Set<Client>();
  #waiting = 0;

  constructor(limits: Pick<DatabaseLimits, "maxConnections" | "maxWaiting">) {
    this.#limits = limits;
  }

  /** Those that have entered. */
  get clients(): ReadonlySet<Client> {
    return this.#clients;
  }

  /** @throws ServiceError `limit-exceeded` when too many have entered */
  enter(client: Client): void {
    const { maxConnections } = this.#limits;
    if (this.#clients.size >= maxConnections) {
      throw new ServiceError(
        "limit-exceeded",
        `${maxConnections} connections to this database are open already.`,
      );
    }
    this.#clients.add(client);
  }

  leave(client: Client): void {
    this.#clients.delete(client);
  }

  /** Does what has to wait. @throws ServiceError `limit-exceeded` when too much waits */
  async wait<T>(work: () => Promise<T>): Promise<T> {
    const { maxWaiting } = this.#limits;
    if (this.#waiting >= maxWaiting) {
      throw new ServiceError(
        "limit-exceeded",
        `${maxWaiting} requests to this database are waiting already.`,
      );
    }
    this.#waiting += 1;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
    }
  }
}
