import type { Clock } from "../core/clock.ts";

/** How much may be done at once, and in the long run. */
export interface Rate {
  /** At once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Holds somebody to a rate. It starts full. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = clock.monotonic();
  }

  /** Whether so many more are there now; they are taken if so. */
  take(count = 1): boolean {
    const now = this.#clock.monotonic();
    const gained = ((now - this.#filledAt) / 1000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
}
