/** How much memory a plugin uses. All in bytes. */
export interface MemoryReport {
  readonly usedBytes: number;
  /** The most that was ever used at once. */
  readonly peakBytes: number;
  readonly limitBytes: number;
  /** How often a memory grew, and how often it was not allowed to. */
  readonly growths: number;
  readonly refusals: number;
}

const PAGE_BYTES = 65_536;

/**
 * Counts the linear memory of several owners against one limit: the memories of an instance, or the
 * instances of a plugin. A meter may have a parent, whose limit then holds for all its children together.
 */
export class MemoryMeter {
  readonly #limitBytes: number;
  readonly #parent: MemoryMeter | undefined;
  #usedBytes = 0;
  #peakBytes = 0;
  #growths = 0;
  #refusals = 0;

  constructor(limitBytes: number, parent?: MemoryMeter) {
    this.#limitBytes = limitBytes;
    this.#parent = parent;
  }

  /** Counts `pages` of 64 KiB more, if every limit allows it. */
  grow(pages: number): boolean {
    if (!this.#fits(pages)) {
      this.#refuse();
      return false;
    }
    this.#add(pages);
    return true;
  }

  /** Gives back `pages` that were counted. */
  shrink(pages: number): void {
    this.#subtract(pages * PAGE_BYTES);
  }

  /** Gives back all that was counted here. */
  release(): void {
    this.#subtract(this.#usedBytes);
  }

  report(): MemoryReport {
    return {
      usedBytes: this.#usedBytes,
      peakBytes: this.#peakBytes,
      limitBytes: this.#limitBytes,
      growths: this.#growths,
      refusals: this.#refusals,
    };
  }

  /** The report of the meter that has the least left: this one, or one that it counts for. */
  tightest(): MemoryReport {
    const own = this.report();
    const above = this.#parent?.tightest();
    return above && above.limitBytes - above.usedBytes < own.limitBytes - own.usedBytes ? above : own;
  }

  #fits(pages: number): boolean {
    if (this.#usedBytes + pages * PAGE_BYTES > this.#limitBytes) return false;
    return this.#parent === undefined || this.#parent.#fits(pages);
  }

  #refuse(): void {
    this.#refusals++;
    if (this.#parent) this.#parent.#refuse();
  }

  #add(pages: number): void {
    this.#usedBytes += pages * PAGE_BYTES;
    this.#peakBytes = Math.max(this.#peakBytes, this.#usedBytes);
    this.#growths++;
    if (this.#parent) this.#parent.#add(pages);
  }

  #subtract(bytes: number): void {
    this.#usedBytes -= bytes;
    if (this.#parent) this.#parent.#subtract(bytes);
  }
}
