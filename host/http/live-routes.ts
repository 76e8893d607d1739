import type { HostEvent } from "../plugin/events.ts";
import type { HttpHost } from "./http-host.ts";
import { RouteTable } from "./route-table.ts";

const CHANGING: ReadonlySet<HostEvent["type"]> = new Set(["serving", "swapped", "stopped", "failed"]);

/**
 * The routes of a host's plugins, as they are now.
 *
 * Events are told in the same turn of the event loop in which a swap happened, and the new table takes the
 * place of the old one in one step: no request finds an old table after a swap, or none during one.
 */
export class LiveRoutes implements AsyncDisposable {
  readonly #host: HttpHost;
  readonly #events: ReturnType<HttpHost["events"]>;
  readonly #onChange: (table: RouteTable) => void;
  readonly #following: Promise<void>;
  #table: RouteTable;

  /** @param onChange Called with every new table, not with the first. */
  constructor(host: HttpHost, onChange: (table: RouteTable) => void) {
    this.#host = host;
    this.#onChange = onChange;
    this.#events = host.events();
    this.#table = new RouteTable(host.plugins());
    this.#following = this.#follow();
  }

  get table(): RouteTable {
    return this.#table;
  }

  /** Follows no more. The table stays as it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#events[Symbol.asyncDispose]();
    await this.#following;
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.#events) {
      if (!CHANGING.has(type)) continue;
      this.#table = new RouteTable(this.#host.plugins(), this.#table);
      this.#onChange(this.#table);
    }
  }
}
