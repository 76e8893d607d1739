import type { Clock } from "../../core/clock.ts";

/** Holds one plugin to so many messages a minute, each recipient counted: a token bucket that starts full. */
export class SendRate {
  readonly #clock: Clock;
  readonly #perMinute: number;
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#tokens = perMinute;
    this.#filledAt = clock.monotonic();
  }

  /** Whether so many more may be sent now; they are counted if so. */
  admit(count: number): boolean {
    const now = this.#clock.monotonic();
    const gained = ((now - this.#filledAt) / 60_000) * this.#perMinute;
    this.#tokens = Math.min(this.#perMinute, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
}
