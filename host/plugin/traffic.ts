import type { Clock } from "../core/clock.ts";
import { HostError } from "../core/error.ts";
import type { PluginSettings } from "../config/settings.ts";
import { CircuitBreaker, type CircuitState } from "../engine/circuit-breaker.ts";
import type { CallLimits } from "../engine/guard.ts";
import type { CallWatch, InstancePool, Use } from "../engine/pool.ts";
import type { CallObservers } from "./call-observers.ts";
import type { PluginInstance } from "../engine/plugin-instance.ts";
import type { PluginStatus } from "./status.ts";

/** What calls of one generation have to do with. */
interface TrafficOptions {
  readonly settings: PluginSettings;
  readonly pool: InstancePool;
  readonly observers: CallObservers;
  readonly clock: Clock;
}

/** The calls of one generation: counted, told to whoever observes them, and refused while its plugin dies of them. */
export class Traffic implements CallWatch {
  readonly #options: TrafficOptions;
  readonly #breaker: CircuitBreaker;
  #calls = 0;
  #failures = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#breaker = new CircuitBreaker(options.settings.name, options.clock);
  }

  get circuit(): CircuitState {
    return this.#breaker.state;
  }

  /** Calls so far, how many of them killed an instance, what all cost, and how many run or wait. */
  get report(): NonNullable<PluginStatus["traffic"]> {
    const { load, fuelUsed } = this.#options.pool;
    return { calls: this.#calls, failures: this.#failures, fuelUsed: Number(fuelUsed), ...load };
  }

  /**
   * Makes a call.
   *
   * @param functionName As observers are told: `http-plugin.handle-request`.
   * @throws HostError PLUGIN_ABORTED, PLUGIN_CIRCUIT_OPEN when it was not made
   * @throws HostError as `InstancePool.run` does, and what `use` throws
   */
  run<T>(functionName: string, limits: CallLimits, use: Use<T>): Promise<T> {
    return this.#options.observers.any
      ? this.#observed(functionName, limits, use)
      : this.#counted(limits, use);
  }

  /** Called by the pool. */
  answered(): void {
    this.#breaker.succeeded();
  }

  /** Called by the pool. */
  failed(error: unknown, used: PluginInstance | undefined): void {
    if (used && !used.dead) this.#breaker.succeeded();
    else if (used && !this.#wasImpatient(error)) this.died();
    // What went wrong while an instance was made was noted there, whether or not somebody still waited for it.
    else this.#breaker.withdrawn();
  }

  /** An instance died, or did not come into being. */
  died(): void {
    this.#failures++;
    this.#breaker.died();
  }

  async #observed<T>(functionName: string, limits: CallLimits, use: Use<T>): Promise<T> {
    const started = performance.now();
    let fuel = 0n;
    let error: HostError | undefined;
    try {
      return await this.#counted(limits, async (instance, bounded) => {
        const before = instance.fuelUsed;
        try {
          return await use(instance, bounded);
        } finally {
          fuel = instance.fuelUsed - before;
        }
      });
    } catch (thrown) {
      if (HostError.is(thrown)) error = thrown;
      throw thrown;
    } finally {
      const durationMs = performance.now() - started;
      const { name: plugin } = this.#options.settings;
      this.#options.observers.tell({ plugin, function: functionName, durationMs, fuel: Number(fuel), error });
    }
  }

  #counted<T>(limits: CallLimits, use: Use<T>): Promise<T> {
    const { pool, settings } = this.#options;
    const { signal } = limits;
    if (signal?.aborted) {
      throw new HostError("PLUGIN_ABORTED", { plugin: settings.name }, { cause: signal.reason });
    }
    this.#breaker.admit();
    this.#calls++;
    return pool.run(limits, use, this);
  }

  /** Whether the call ended because its caller would not wait: that says nothing against the plugin. */
  #wasImpatient(error: unknown): boolean {
    if (HostError.is(error, "PLUGIN_ABORTED")) return true;
    if (!HostError.is(error, "PLUGIN_TIMEOUT")) return false;
    const { timeoutMs } = this.#options.settings.limits;
    return error.details.caller !== undefined || error.details.limitMs < timeoutMs;
  }
}
