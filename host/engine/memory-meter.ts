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

/** A meter in the form in which it crosses to another thread, where it counts the same memory. */
export interface SharedMeter {
  readonly limitBytes: number;
  readonly counters: Int32Array<SharedArrayBuffer>;
  readonly parent: SharedMeter | undefined;
}

const PAGE_BYTES = 65_536;

/** What is counted, by its place among the counters. Memory is counted in pages of 64 KiB. */
const COUNTER = { used: 0, peak: 1, growths: 2, refusals: 3 } as const;

/**
 * Counts the linear memory of several owners against one limit: the memories of an instance, or the
 * instances of a plugin. A meter may have a parent, whose limit then holds for all its children together.
 *
 * Its counters are shared memory, since the instances of a plugin may live in several threads.
 */
export class MemoryMeter {
  readonly #limitBytes: number;
  readonly #parent: MemoryMeter | undefined;
  readonly #counters: Int32Array<SharedArrayBuffer>;

  constructor(
    limitBytes: number,
    parent?: MemoryMeter,
    counters = new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT)),
  ) {
    this.#limitBytes = limitBytes;
    this.#parent = parent;
    this.#counters = counters;
  }

  /** The meter that another thread has shared. */
  static from({ limitBytes, counters, parent }: SharedMeter): MemoryMeter {
    return new MemoryMeter(limitBytes, parent && MemoryMeter.from(parent), counters);
  }

  share(): SharedMeter {
    return { limitBytes: this.#limitBytes, counters: this.#counters, parent: this.#parent?.share() };
  }

  /** Counts `pages` of 64 KiB more, if every limit allows it. */
  grow(pages: number): boolean {
    if (this.#add(pages)) return true;
    this.#refuse();
    return false;
  }

  /** Gives back `pages` that were counted. */
  shrink(pages: number): void {
    Atomics.sub(this.#counters, COUNTER.used, pages);
    this.#parent?.shrink(pages);
  }

  /** Gives back all that was counted here. Whoever does it first gives it back. */
  release(): void {
    const pages = Atomics.exchange(this.#counters, COUNTER.used, 0);
    this.#parent?.shrink(pages);
  }

  report(): MemoryReport {
    const read = (counter: number) => Atomics.load(this.#counters, counter);
    return {
      usedBytes: read(COUNTER.used) * PAGE_BYTES,
      peakBytes: read(COUNTER.peak) * PAGE_BYTES,
      limitBytes: this.#limitBytes,
      growths: read(COUNTER.growths),
      refusals: read(COUNTER.refusals),
    };
  }

  /** The report of the meter that has the least left: this one, or one that it counts for. */
  tightest(): MemoryReport {
    const own = this.report();
    const above = this.#parent?.tightest();
    return above && above.limitBytes - above.usedBytes < own.limitBytes - own.usedBytes ? above : own;
  }

  #add(pages: number): boolean {
    for (;;) {
      const used = Atomics.load(this.#counters, COUNTER.used);
      if ((used + pages) * PAGE_BYTES > this.#limitBytes) return false;
      // Another thread may have counted some meanwhile.
      if (Atomics.compareExchange(this.#counters, COUNTER.used, used, used + pages) !== used) continue;
      if (this.#parent && !this.#parent.#add(pages)) {
        Atomics.sub(this.#counters, COUNTER.used, pages);
        return false;
      }
      this.#note(used + pages);
      return true;
    }
  }

  #note(used: number): void {
    Atomics.add(this.#counters, COUNTER.growths, 1);
    for (;;) {
      const peak = Atomics.load(this.#counters, COUNTER.peak);
      if (used <= peak || Atomics.compareExchange(this.#counters, COUNTER.peak, peak, used) === peak) return;
    }
  }

  #refuse(): void {
    Atomics.add(this.#counters, COUNTER.refusals, 1);
    if (this.#parent) this.#parent.#refuse();
  }
}
