/** What a plugin waits for, in the form in which preview2-shim wants it. */
interface PollableSource {
  ready(): boolean;
  wait(): Promise<void>;
}

interface Pollable {
  /** Calls `callback` when the plugin drops it. */
  _onDispose(callback: () => void): void;
}

export type CreatePollable = (source: PollableSource) => Pollable;

/** A longer time is waited for in parts. */
const MAX_TIMER_MS = 0x7fffffff;

/** What a plugin may wait for at once. Each is an object in the host's own memory, which nobody meters. */
const MAX_POLLABLES = 1_000;

/**
 * `wasi:clocks/monotonic-clock` for one instance. What it waits for ends with it: a plugin that would sleep for a
 * year must not be kept for a year.
 */
export class WasiTimers implements Disposable {
  readonly #create: CreatePollable;
  readonly #misused: (reason: string) => never;
  readonly #timers = new Set<NodeJS.Timeout>();
  #pollables = 0;
  #ended = false;

  /** @param misused Ends the instance: it throws what goes into the plugin. */
  constructor(create: CreatePollable, misused: (reason: string) => never) {
    this.#create = create;
    this.#misused = misused;
  }

  /** The interface's functions. */
  readonly clock = {
    resolution: (): bigint => 1_000_000n,
    now: (): bigint => nowNs(),
    subscribeInstant: (instant: bigint): Pollable => this.#subscribe(instant),
    subscribeDuration: (duration: bigint): Pollable => this.#subscribe(nowNs() + duration),
  };

  [Symbol.dispose](): void {
    this.#ended = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #subscribe(instant: bigint): Pollable {
    if (++this.#pollables > MAX_POLLABLES)
      this.#misused(`it waits for more than ${MAX_POLLABLES} moments at once`);
    let timer: NodeJS.Timeout | undefined;
    const pollable = this.#create({
      ready: () => nowNs() >= instant,
      wait: () =>
        new Promise((resolve) => {
          const sleep = () => {
            if (timer) this.#timers.delete(timer);
            if (this.#ended) return;
            const leftMs = Math.ceil(Number(instant - nowNs()) / 1e6);
            if (leftMs <= 0) return resolve();
            timer = setTimeout(sleep, Math.min(leftMs, MAX_TIMER_MS));
            this.#timers.add(timer);
          };
          sleep();
        }),
    });
    // oxlint-disable-next-line no-underscore-dangle -- the shim's name
    pollable._onDispose(() => {
      this.#pollables--;
      clearTimeout(timer);
      if (timer) this.#timers.delete(timer);
    });
    return pollable;
  }
}

function nowNs(): bigint {
  return BigInt(Math.floor(performance.now() * 1e6));
}
