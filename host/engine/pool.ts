import { HostError } from "../core/error.ts";
import { type Awaited, type CallChain, chainedCall, type ChainState } from "./call-chain.ts";
import type { CallLimits } from "./guard.ts";
import type { PluginInstance } from "./plugin-instance.ts";
import { unlessOver } from "./unless-over.ts";

interface PoolOptions {
  readonly plugin: string;
  /** The most instances there may be. */
  readonly instances: number;
  /** How many calls may wait for one. */
  readonly queueLength: number;
  /** Makes an instance that is ready to be called. */
  readonly create: () => Promise<PluginInstance>;
}

/** What is done with an instance, once there is one to do it with. */
export type Use<T> = (instance: PluginInstance, limits: CallLimits) => Promise<T>;

/** Is told what came of a call, before whoever made it. */
export interface CallWatch {
  answered(): void;
  /** @param instance The one that it was made with, if it got so far. */
  failed(error: unknown, instance: PluginInstance | undefined): void;
}

/** A call that waits: it is given an instance, or a place in which to make one. */
type Waiter = (instance: PluginInstance | undefined) => void;

/**
 * The instances of one generation of a plugin. Each takes one call at a time; calls that find none free wait
 * in the order in which they came. An instance that died is replaced when the next call needs one.
 */
export class InstancePool implements Awaited {
  readonly #options: PoolOptions;
  readonly #idle: PluginInstance[] = [];
  readonly #waiters = new Set<Waiter>();
  /** Who has an instance now. */
  readonly #holders: ChainState[] = [];
  /** The instances that there are, with the fuel that was used to make each. */
  readonly #made = new Map<PluginInstance, bigint>();
  #size = 0;
  #busy = 0;
  #fuelOfFormer = 0n;
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

  /** Fuel that calls have used, the making of instances not included. */
  get fuelUsed(): bigint {
    let used = this.#fuelOfFormer;
    for (const [instance, toMake] of this.#made) used += instance.fuelUsed - toMake;
    return used;
  }

  /**
   * Runs `use` with an instance that is its own for as long as it takes. If the caller is a plugin itself,
   * its own deadline holds here, too, and what aborts its call aborts this one.
   *
   * @throws HostError PLUGIN_OVERLOADED when too many are waiting already
   * @throws HostError PLUGIN_REENTERED when all who have an instance wait, by way of others, for this very call
   * @throws HostError PLUGIN_ABORTED, PLUGIN_TIMEOUT when that happens while it waits
   */
  async run<T>(limits: CallLimits, use: Use<T>, watch?: CallWatch): Promise<T> {
    const chain = chainedCall(this.#options.plugin, limits);
    this.#busy++;
    let instance: PluginInstance | undefined;
    try {
      const own = (instance = this.#takeIdle() ?? (await this.#acquire(chain)));
      this.#holders.push(chain.state);
      const answer = await use(own, { ...chain.limits, chain });
      watch?.answered();
      return answer;
    } catch (error) {
      watch?.failed(error, instance);
      throw error;
    } finally {
      this.#busy--;
      if (instance) {
        this.#holders.splice(this.#holders.indexOf(chain.state), 1);
        this.#release(instance);
      }
      this.#tellDrained();
    }
  }

  /** Whether an instance may become free although those in `seen` wait. */
  mayBeFreed(seen: Set<Awaited>): boolean {
    if (seen.has(this)) return false;
    seen.add(this);
    // One that nobody has is free, or being made.
    if (this.#holders.length < this.#size) return true;
    return this.#holders.some(({ waitingFor }) => waitingFor === undefined || waitingFor.mayBeFreed(seen));
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
      this.#dispose(instance);
    }
  }

  /** An instance that lives in another thread may have died with it. */
  #takeIdle(): PluginInstance | undefined {
    for (let instance = this.#idle.pop(); instance; instance = this.#idle.pop()) {
      if (!instance.dead) return instance;
      this.#size--;
      this.#dispose(instance);
    }
    return undefined;
  }

  async #acquire(chain: CallChain): Promise<PluginInstance> {
    if (this.#closed) throw new HostError("PLUGIN_STOPPED", { plugin: this.#options.plugin });
    if (this.#size < this.#options.instances) this.#size++;
    else {
      const handed = await this.#wait(chain);
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
    return unlessOver(this.#options.plugin, chain.limits, promise, false, (error) => {
      // What is being made for a call that has gone is for the next one.
      gone = true;
      reject(error);
    });
  }

  /** Makes an instance for a place that is counted already. */
  async #createInPlace(): Promise<PluginInstance> {
    try {
      const instance = await this.#options.create();
      this.#made.set(instance, instance.fuelUsed);
      return instance;
    } catch (error) {
      this.#freePlace();
      throw error;
    }
  }

  /** Resolves with an instance, or with nothing if there is a place to make one. */
  async #wait({ limits, state }: CallChain): Promise<PluginInstance | undefined> {
    const { plugin, instances, queueLength } = this.#options;
    state.waitingFor = this;
    try {
      if (!this.mayBeFreed(new Set())) throw new HostError("PLUGIN_REENTERED", { plugin, instances });
      if (this.#waiters.size >= queueLength) {
        throw new HostError("PLUGIN_OVERLOADED", { plugin, instances, waiting: this.#waiters.size });
      }
      const { promise, resolve, reject } = Promise.withResolvers<PluginInstance | undefined>();
      this.#waiters.add(resolve);
      return await unlessOver(plugin, limits, promise, true, (error) => {
        // Out of the queue at once, so that no instance is handed to a call that has gone.
        this.#waiters.delete(resolve);
        reject(error);
      });
    } finally {
      state.waitingFor = undefined;
    }
  }

  #tellDrained(): void {
    if (this.#busy + this.#making > 0) return;
    for (const drained of this.#onDrained.splice(0)) drained();
  }

  #release(instance: PluginInstance): void {
    if (instance.dead || this.#closed) {
      this.#dispose(instance);
      this.#freePlace();
      return;
    }
    const next = this.#nextWaiter();
    if (next) next(instance);
    else this.#idle.push(instance);
  }

  #dispose(instance: PluginInstance): void {
    this.#fuelOfFormer += instance.fuelUsed - (this.#made.get(instance) ?? 0n);
    this.#made.delete(instance);
    instance[Symbol.dispose]();
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
