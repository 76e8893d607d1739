import { AsyncLocalStorage } from "node:async_hooks";
import { HostError } from "../core/error.ts";
import type { CallLimits } from "./guard.ts";
import type { PluginInstance } from "./plugin-instance.ts";

export interface PoolOptions {
  readonly plugin: string;
  /** The most instances there may be. */
  readonly instances: number;
  /** How many calls may wait for one. */
  readonly queueLength: number;
  /** Makes an instance that is ready to be called. */
  readonly create: () => Promise<PluginInstance>;
}

/** A call that waits: it is given an instance, or a place in which to make one. */
type Waiter = (instance: PluginInstance | undefined) => void;

/** The calls of plugins, one made by way of the other, that led to what runs now. */
interface CallChain {
  /** Outermost first. All of them wait. */
  readonly plugins: readonly string[];
  /** When the first of them has to be answered. */
  readonly deadline: number;
  /** What aborts the first of them. */
  readonly signal: AbortSignal | undefined;
}

const callChain = new AsyncLocalStorage<CallChain>();

/**
 * The instances of one generation of a plugin. Each takes one call at a time; calls that find none free wait
 * in the order in which they came. An instance that died is replaced when the next call needs one.
 */
export class InstancePool {
  readonly #options: PoolOptions;
  readonly #idle: PluginInstance[] = [];
  readonly #waiters = new Set<Waiter>();
  #size = 0;
  #busy = 0;
  /** Instances that are being made, also for calls that have gone meanwhile. */
  #making = 0;
  readonly #onDrained: (() => void)[] = [];
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Calls that run, and calls that wait. */
  get load(): { readonly busy: number; readonly waiting: number; readonly instances: number } {
    const dead = this.#idle.filter((instance) => instance.dead).length;
    return { busy: this.#busy, waiting: this.#waiters.size, instances: this.#size - dead };
  }

  /**
   * Runs `use` with an instance that is its own for as long as it takes. If the caller is a plugin itself,
   * its own deadline holds here, too, and what aborts its call aborts this one.
   *
   * @throws HostError PLUGIN_OVERLOADED when too many are waiting already
   * @throws HostError PLUGIN_REENTERED when the caller is, by way of a service, this plugin itself
   * @throws HostError PLUGIN_ABORTED, PLUGIN_TIMEOUT when that happens while it waits
   */
  async run<T>(
    limits: CallLimits,
    use: (instance: PluginInstance, limits: CallLimits) => Promise<T>,
  ): Promise<T> {
    const outer = callChain.getStore() ?? { plugins: [], deadline: Infinity, signal: undefined };
    const deadline = Math.min(limits.deadline, outer.deadline);
    const signal = limits.signal ?? outer.signal;
    const bounded = { ...limits, deadline, signal };
    const chain = { plugins: [...outer.plugins, this.#options.plugin], deadline, signal };
    this.#busy++;
    let instance: PluginInstance | undefined;
    try {
      instance = this.#takeIdle() ?? (await this.#acquire(bounded));
      return await callChain.run(chain, use, instance, bounded);
    } finally {
      this.#busy--;
      if (instance) this.#release(instance);
      this.#tellDrained();
    }
  }

  /** Resolves when no call runs or waits. */
  drained(): Promise<void> {
    if (this.#busy + this.#making === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onDrained.push(resolve);
    return promise;
  }

  /**
   * Takes no more calls, waits until none runs, and has each instance that there is do a last thing.
   *
   * @returns What the first of them that failed threw.
   */
  async end(last: (instance: PluginInstance) => Promise<unknown>): Promise<unknown> {
    await this.drained();
    const endings = await Promise.allSettled(this.#idle.filter(({ dead }) => !dead).map(last));
    this.close();
    return endings.find((ending) => ending.status === "rejected")?.reason;
  }

  /** Disposes of all instances, and of those that are busy when they come back. */
  close(): void {
    this.#closed = true;
    for (const instance of this.#idle.splice(0)) {
      this.#size--;
      instance[Symbol.dispose]();
    }
  }

  /** An instance that lives in another thread may have died with it. */
  #takeIdle(): PluginInstance | undefined {
    for (let instance = this.#idle.pop(); instance; instance = this.#idle.pop()) {
      if (!instance.dead) return instance;
      this.#size--;
      instance[Symbol.dispose]();
    }
    return undefined;
  }

  async #acquire(limits: CallLimits): Promise<PluginInstance> {
    if (this.#closed) throw new HostError("PLUGIN_STOPPED", { plugin: this.#options.plugin });
    if (this.#size < this.#options.instances) this.#size++;
    else {
      const handed = await this.#wait(limits);
      if (handed) return handed;
    }
    const { promise, resolve, reject } = Promise.withResolvers<PluginInstance>();
    let gone = false;
    this.#making++;
    void this.#createInPlace()
      .then((instance) => (gone ? this.#release(instance) : resolve(instance)), reject)
      .finally(() => {
        this.#making--;
        this.#tellDrained();
      });
    return this.#unlessOver(limits, promise, { queued: false }, (error) => {
      // What is being made for a call that has gone is for the next one.
      gone = true;
      reject(error);
    });
  }

  /** Makes an instance for a place that is counted already. */
  async #createInPlace(): Promise<PluginInstance> {
    try {
      return await this.#options.create();
    } catch (error) {
      this.#freePlace();
      throw error;
    }
  }

  /** Resolves with an instance, or with nothing if there is a place to make one. */
  async #wait(limits: CallLimits): Promise<PluginInstance | undefined> {
    const { plugin, instances, queueLength } = this.#options;
    if (callChain.getStore()?.plugins.includes(plugin)) {
      throw new HostError("PLUGIN_REENTERED", { plugin, instances });
    }
    if (this.#waiters.size >= queueLength) {
      throw new HostError("PLUGIN_OVERLOADED", { plugin, instances, waiting: this.#waiters.size });
    }
    const { promise, resolve, reject } = Promise.withResolvers<PluginInstance | undefined>();
    this.#waiters.add(resolve);
    return this.#unlessOver(limits, promise, { queued: true }, (error) => {
      // Out of the queue at once, so that no instance is handed to a call that has gone.
      this.#waiters.delete(resolve);
      reject(error);
    });
  }

  /** What is `awaited`; `leave` is told when the call is aborted or late before that. */
  async #unlessOver<T>(
    { deadline, timeoutMs, signal }: CallLimits,
    awaited: Promise<T>,
    { queued }: { queued: boolean },
    leave: (error: HostError) => void,
  ): Promise<T> {
    const { plugin } = this.#options;
    const late = () => leave(new HostError("PLUGIN_TIMEOUT", { plugin, limitMs: timeoutMs, queued }));
    const abort = () => leave(new HostError("PLUGIN_ABORTED", { plugin }, { cause: signal?.reason }));
    const timer = setTimeout(late, deadline - performance.now());
    signal?.addEventListener("abort", abort);
    try {
      return await awaited;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  #tellDrained(): void {
    if (this.#busy + this.#making > 0) return;
    for (const drained of this.#onDrained.splice(0)) drained();
  }

  #release(instance: PluginInstance): void {
    if (instance.dead || this.#closed) {
      instance[Symbol.dispose]();
      this.#freePlace();
      return;
    }
    const next = this.#nextWaiter();
    if (next) next(instance);
    else this.#idle.push(instance);
  }

  /** Gives a place in which there is no instance any more to whoever waits longest. */
  #freePlace(): void {
    const next = this.#nextWaiter();
    if (next) next(undefined);
    else this.#size--;
  }

  #nextWaiter(): Waiter | undefined {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      return waiter;
    }
    return undefined;
  }
}
