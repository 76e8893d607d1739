import type { Clock } from "../core/clock.ts";
import { HostError } from "../core/error.ts";

/** Deaths in a row after which a plugin is left alone for a while. */
const MAX_DEATHS = 5;

/** How long it is left alone the first time; each further time twice as long. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** "half-open": the next call is let through, and decides. */
export type CircuitState = "closed" | "open" | "half-open";

/**
 * Keeps a plugin that dies again and again from being started again and again. After a pause one call is let
 * through: if it is answered, all is well; if the plugin dies once more, the pause is twice as long.
 */
export class CircuitBreaker {
  readonly #plugin: string;
  readonly #clock: Clock;
  #deaths = 0;
  #openUntil = -Infinity;
  #probing = false;

  constructor(plugin: string, clock: Clock) {
    this.#plugin = plugin;
    this.#clock = clock;
  }

  get state(): CircuitState {
    if (this.#deaths < MAX_DEATHS) return "closed";
    return this.#clock.monotonic() < this.#openUntil || this.#probing ? "open" : "half-open";
  }

  /** @throws HostError PLUGIN_CIRCUIT_OPEN when no call may be made now */
  admit(): void {
    const { state } = this;
    if (state === "closed") return;
    if (state === "half-open") {
      this.#probing = true;
      return;
    }
    throw new HostError("PLUGIN_CIRCUIT_OPEN", {
      plugin: this.#plugin,
      deaths: this.#deaths,
      retryInMs: Math.max(0, this.#openUntil - this.#clock.monotonic()),
    });
  }

  /** A call was answered. */
  succeeded(): void {
    this.#deaths = 0;
    this.#probing = false;
  }

  /** A call came to nothing through no fault of the plugin, and through no merit of it. */
  undecided(): void {
    this.#probing = false;
  }

  /** The plugin died. */
  died(): void {
    this.#deaths++;
    this.#probing = false;
    const times = this.#deaths - MAX_DEATHS;
    if (times < 0) return;
    this.#openUntil = this.#clock.monotonic() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** times);
  }
}
