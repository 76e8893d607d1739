import type { Clock } from "../../../host/core/clock.ts";

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Map<() => void, number>();

  now(): number {
    return 1_700_000_000_000 + this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const fire = (): void => callback();
    this.#timers.set(fire, this.#now + delayMs);
    return () => this.#timers.delete(fire);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass, and calls what falls due on the way in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, at]) => at <= end).toSorted(([, a], [, b]) => a - b)[0];
      if (due === undefined) break;
      const [fire, at] = due;
      this.#timers.delete(fire);
      this.#now = at;
      fire();
    }
    this.#now = end;
  }
}
