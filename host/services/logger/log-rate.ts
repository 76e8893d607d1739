import type { Clock } from "../../core/clock.ts";
import { TokenBucket } from "../token-bucket.ts";

export interface LogRateLimits {
  /** Lines that a plugin may write in the long run. */
  readonly linesPerSecond: number;
  /** Lines that it may write at once. */
  readonly burstLines: number;
}

/**
 * Holds one plugin to its rate of log lines.
 *
 * Once its bucket is empty every line is dropped until it is half full again; then `report` is called with
 * how many were. So a flood costs one line of the log for each pause, however long it lasts.
 */
export class LogRate {
  readonly #clock: Clock;
  readonly #limits: LogRateLimits;
  readonly #report: (droppedLines: number) => void;
  readonly #bucket: TokenBucket;
  #dropped = 0;
  #cancelResume: (() => void) | undefined;

  constructor(clock: Clock, limits: LogRateLimits, report: (droppedLines: number) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#report = report;
    this.#bucket = new TokenBucket(clock, { burst: limits.burstLines, perSecond: limits.linesPerSecond });
  }

  /** Whether one more line may be written now. */
  admit(): boolean {
    if (this.#cancelResume === undefined) {
      if (this.#bucket.take()) return true;
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
}
