import type { Clock } from "../../core/clock.ts";

export interface LogRateLimits {
  /** Lines that a plugin may write in the long run. */
  readonly linesPerSecond: number;
  /** Lines that it may write at once. */
  readonly burstLines: number;
}

/**
 * Holds one plugin to its rate of log lines: a token bucket.
 *
 * Once the bucket is empty every line is dropped until it is half full again; then `report` is called with
 * how many were. So a flood costs one line of the log for each pause, however long it lasts.
 */
export class LogRate {
  readonly #clock: Clock;
  readonly #limits: LogRateLimits;
  readonly #report: (droppedLines: number) => void;
  #tokens: number;
  #filledAt: number;
  #dropped = 0;
  #cancelResume: (() => void) | undefined;

  constructor(clock: Clock, limits: LogRateLimits, report: (droppedLines: number) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#report = report;
    this.#tokens = limits.burstLines;
    this.#filledAt = clock.monotonic();
  }

  /** Whether one more line may be written now. */
  admit(): boolean {
    if (this.#cancelResume === undefined) {
      this.#fill();
      if (this.#tokens >= 1) {
        this.#tokens -= 1;
        return true;
      }
      const halfFullMs = (this.#limits.burstLines / 2 / this.#limits.linesPerSecond) * 1000;
      this.#cancelResume = this.#clock.after(halfFullMs, () => this.close());
    }
    this.#dropped += 1;
    return false;
  }

  /** Reports what was dropped, and leaves no timer behind. */
  close(): void {
    this.#cancelResume?.();
    this.#cancelResume = undefined;
    if (this.#dropped === 0) return;
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#report(dropped);
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    const gained = ((now - this.#filledAt) / 1000) * this.#limits.linesPerSecond;
    this.#tokens = Math.min(this.#limits.burstLines, this.#tokens + gained);
    this.#filledAt = now;
  }
}
