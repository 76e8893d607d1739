import type { Clock } from "../core/clock.ts";

/** A clock that stands still until it is told to go on: what waits for it waits no longer than a test wants. */
export class VirtualClock implements Clock {
  readonly #start: number;
  #passed = 0;
  readonly #timers = new Map<() => void, number>();

  /** @param start Milliseconds since 1970-01-01T00:00:00Z. */
  constructor(start = 1_700_000_000_000) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#passed;
  }

  monotonic(): number {
    return this.#passed;
  }

  after(delayMs: number, callback: () => void): () => void {
    const fire = (): void => callback();
    this.#timers.set(fire, this.#passed + delayMs);
    return () => this.#timers.delete(fire);
  }

  /** How many callbacks wait for their time. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass, and calls what falls due on the way in its order. */
  advance(ms: number): void {
    const end = this.#passed + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, at]) => at <= end).toSorted(([, a], [, b]) => a - b)[0];
      if (due === undefined) break;
      const [fire, at] = due;
      this.#timers.delete(fire);
      this.#passed = at;
      fire();
    }
    this.#passed = end;
  }
}
