import { Pollable, type PollSource } from "./wasi-io.ts";
import type { WasiResources } from "./wasi-resources.ts";

/** A timer of Node takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A moment that a plugin waits for. It is forgotten when the plugin forgets it, or ends. */
export class WasiTimer implements PollSource, Disposable {
  readonly #resources: WasiResources;
  readonly #until: number;
  readonly #over = Promise.withResolvers<void>();
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  static pollable(resources: WasiResources, durationNs: bigint): Pollable {
    if (durationNs <= 0n) return new Pollable(resources);
    const timer = new WasiTimer(resources, durationNs);
    return new Pollable(resources, timer, () => timer[Symbol.dispose]());
  }

  constructor(resources: WasiResources, durationNs: bigint) {
    this.#resources = resources;
    this.#until = performance.now() + Number(durationNs) / 1e6;
    resources.began(this);
    this.#arm();
  }

  ready(): boolean {
    return this.#isOver;
  }

  wait(): Promise<void> {
    return this.#over.promise;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#resources.ended(this);
  }

  #arm(): void {
    const leftMs = Math.ceil(this.#until - performance.now());
    const next = leftMs > MAX_TIMER_MS ? () => this.#arm() : () => this.#end();
    this.#timer = setTimeout(next, Math.min(leftMs, MAX_TIMER_MS));
  }

  #end(): void {
    this.#isOver = true;
    this.#resources.ended(this);
    this.#over.resolve();
  }
}
