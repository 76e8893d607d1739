import type { HostError } from "../core/error.ts";
import { asFault } from "./as-fault.ts";
import type { EventBus } from "./events.ts";
import type { Generation } from "./generation.ts";

/** The generations of a plugin whose place another has taken, and that end their calls. */
export class Drains {
  readonly #plugin: string;
  readonly #events: EventBus;
  readonly #draining = new Set<Promise<void>>();

  constructor(plugin: string, events: EventBus) {
    this.#plugin = plugin;
    this.#events = events;
  }

  /** Ends a generation once its calls have ended. What goes wrong is told as an event. */
  add(old: Generation): void {
    const draining = this.#stopOld(old).finally(() => this.#draining.delete(draining));
    this.#draining.add(draining);
  }

  /** Resolves when all have ended. */
  async done(): Promise<void> {
    await Promise.all(this.#draining);
  }

  /** Does not throw: it is stopped, whatever came of it. */
  async stop(generation: Generation): Promise<HostError | undefined> {
    try {
      return await generation.stop();
    } catch (error) {
      return asFault(this.#plugin, error);
    }
  }

  async #stopOld(old: Generation): Promise<void> {
    const error = await this.stop(old);
    if (error) this.#events.emit({ type: "stopped", plugin: this.#plugin, error });
  }
}
