import type { Clock } from "../core/clock.ts";
import { HostError } from "../core/error.ts";
import { HttpExchange } from "../component/wasi-http/http-exchange.ts";
import type { StreamedRequest, StreamedResponse } from "../component/wasi-http/streamed.ts";
import { toStreamed, toWhole } from "../component/wasi-http/whole.ts";
import type { ComponentLoader, InspectedComponent } from "../component/loader.ts";
import type { CallOptions } from "../component/contract/exports.ts";
import type { HttpRequest, PluginInfo, Route } from "../component/contract/data.ts";
import type { PluginSettings } from "../config/settings.ts";
import { type CallTarget, callTarget, lowerArgs, targetName } from "../engine/call-target.ts";
import { CircuitBreaker, type CircuitState } from "../engine/circuit-breaker.ts";
import type { CallLimits } from "../engine/guard.ts";
import { inlineInstances } from "../engine/inline-instances.ts";
import { MemoryMeter, type MemoryReport } from "../engine/memory-meter.ts";
import type { InstanceFactory, InstanceServices, PluginInstance } from "../engine/plugin-instance.ts";
import { InstancePool } from "../engine/pool.ts";
import type { Turnstile } from "../engine/turnstile.ts";
import type { CallObservers } from "./call-observers.ts";
import { type HealthReport, HealthWatch } from "./health-watch.ts";
import { closeInTime } from "./close-in-time.ts";
import type { WorkerPool } from "../workers/worker-pool.ts";
import { verifySupported } from "./verify-supported.ts";
import { verifyPermissions } from "../security/permissions.ts";
import type { PluginStatus } from "./status.ts";
import { verifyInfo, verifyRoutes } from "./verify-info.ts";

/** The services of one generation, and what ends them. */
export interface GenerationServices {
  forInstance(): InstanceServices;
  close(): Promise<void>;
}

/** What a generation is made of. */
export interface GenerationOptions {
  readonly number: number;
  readonly component: InspectedComponent;
  readonly settings: PluginSettings;
  readonly loader: ComponentLoader;
  readonly turnstile: Turnstile;
  readonly workers: WorkerPool;
  readonly clock: Clock;
  readonly observers: CallObservers;
  readonly provideServices: (settings: PluginSettings) => GenerationServices;
  /** Throws when the plugin is not who it should be. Called before it is initialised. */
  readonly confirmInfo: (info: PluginInfo) => Promise<void>;
}

/** What is done with an instance, once there is one to do it with. */
type Use<T> = (instance: PluginInstance, limits: CallLimits) => Promise<T>;

const PAGE_BYTES = 65_536;

/** A standard HTTP component answers whatever it is asked. */
const EVERY_ROUTE: readonly Route[] = [{ method: "*", pattern: "/*" }];

const INFO = callTarget("plugin", "info");
const INITIALIZE = callTarget("plugin", "initialize");
const SHUTDOWN = callTarget("plugin", "shutdown");
const CHECK = callTarget("health", "check");
const REGISTER_ROUTES = callTarget("http-plugin", "register-routes");

/**
 * One build of a plugin, with one set of settings, as it serves: its instances, its services, its limits.
 *
 * It is `start`ed before it takes calls, and `stop`ped once. A call is answered by the generation that
 * accepted it, whatever is swapped meanwhile.
 */
export class Generation {
  readonly number: number;
  readonly component: InspectedComponent;
  readonly settings: PluginSettings;
  readonly #options: GenerationOptions;
  readonly #memory: MemoryMeter;
  readonly #breaker: CircuitBreaker;
  readonly #provided: GenerationServices;
  #factory: InstanceFactory | undefined;
  #pool: InstancePool | undefined;
  #health: HealthWatch | undefined;
  #info: PluginInfo | undefined;
  #routes: readonly Route[] = [];
  #calls = 0;
  #failures = 0;
  #fuelUsed = 0n;

  private constructor(options: GenerationOptions) {
    this.number = options.number;
    this.component = options.component;
    this.settings = options.settings;
    this.#options = options;
    this.#memory = new MemoryMeter(options.settings.limits.totalMemoryBytes);
    this.#breaker = new CircuitBreaker(options.settings.name, options.clock);
    this.#provided = options.provideServices(options.settings);
  }

  /**
   * Makes a generation that is ready to serve: permissions held against imports, compiled, initialised, its
   * health checked, its routes known.
   *
   * @throws HostError SETTING_UNSUPPORTED, PERMISSION_MISSING, COMPONENT_INVALID, PLUGIN_ERROR when it does not want to start, and
   * whatever else may end a call
   */
  static async start(options: GenerationOptions): Promise<Generation> {
    verifySupported(options.settings, options.component.shape);
    verifyPermissions(options.component.shape.asked, options.settings);
    const generation = new Generation(options);
    try {
      await generation.#start();
      return generation;
    } catch (error) {
      generation.#pool?.close();
      await generation.#free();
      throw error;
    }
  }

  get info(): PluginInfo {
    if (!this.#info) throw new Error("The generation was not started.");
    return this.#info;
  }

  /** Whether it is a standard HTTP component, through which bodies go as streams. */
  get streams(): boolean {
    return this.component.shape.handler !== undefined;
  }

  /** What an HTTP plugin answers; nothing for others. */
  get routes(): readonly Route[] {
    return this.#routes;
  }

  get memory(): MemoryReport {
    return this.#memory.report();
  }

  get circuit(): CircuitState {
    return this.#breaker.state;
  }

  /** What came of the last check of its health; nothing if it has none to check. */
  get health(): HealthReport | undefined {
    return this.#health?.report;
  }

  /** Calls since it started, how many of them killed an instance, what all cost, and how many run or wait. */
  get traffic(): NonNullable<PluginStatus["traffic"]> {
    const load = this.#pool?.load ?? { busy: 0, waiting: 0, instances: 0 };
    return { calls: this.#calls, failures: this.#failures, fuelUsed: Number(this.#fuelUsed), ...load };
  }

  /**
   * Calls an exported function.
   *
   * @param limits Of a call that was made earlier, and has waited.
   * @throws HostError VALUE_INVALID when an argument does not fit
   * @throws HostError PLUGIN_OVERLOADED, PLUGIN_REENTERED, PLUGIN_CIRCUIT_OPEN when the call was not made
   * @throws HostError as `Instance.call` does
   */
  async call(
    target: CallTarget,
    args: readonly unknown[],
    options: CallOptions = {},
    limits: CallLimits = this.limits(options),
  ): Promise<unknown> {
    if (this.streams) return this.#callHandler(target, args, limits);
    const wireArgs = lowerArgs(target, args);
    const use: Use<unknown> = (instance, bounded) => instance.call(target, wireArgs, bounded);
    return this.#options.observers.any
      ? this.#observed(targetName(target), limits, use)
      : this.#counted(limits, use);
  }

  /**
   * Has a standard HTTP component answer a request. Its instance is busy until all of the body has been fetched.
   *
   * @returns When the head of the answer is there.
   * @throws HostError as `call` does; PLUGIN_ANSWER_INVALID when it does not answer
   */
  exchange(
    request: StreamedRequest,
    options: CallOptions = {},
    limits: CallLimits = this.limits(options),
  ): Promise<StreamedResponse> {
    const exchange = new HttpExchange(this.settings.name, request);
    const use: Use<void> = (instance, bounded) => handleBy(instance, exchange, bounded);
    const handled = this.#observed("incoming-handler.handle", limits, use);
    void handled.then(
      () => exchange.close(),
      (error: unknown) => exchange.close(error),
    );
    return exchange.answer;
  }

  /** A standard HTTP component as an HTTP plugin of the contract, whose bodies are whole. */
  async #callHandler(target: CallTarget, args: readonly unknown[], limits: CallLimits): Promise<unknown> {
    if (target === REGISTER_ROUTES) return this.#routes;
    const [request] = lowerArgs(target, args) as [HttpRequest];
    const answer = await this.exchange(toStreamed(request), {}, limits);
    return toWhole(answer, this.settings);
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
      const { name: plugin } = this.settings;
      this.#options.observers.tell({ plugin, function: functionName, durationMs, fuel: Number(fuel), error });
    }
  }

  async #counted<T>(limits: CallLimits, use: Use<T>): Promise<T> {
    if (limits.signal?.aborted) throw aborted(this.settings.name, limits.signal);
    this.#breaker.admit();
    this.#calls++;
    let used: PluginInstance | undefined;
    try {
      const answer = await this.#withInstance(limits, (instance, bounded) => {
        used = instance;
        return use(instance, bounded);
      });
      this.#breaker.succeeded();
      return answer;
    } catch (error) {
      this.#note(error, used);
      throw error;
    }
  }

  /** Resolves when no call runs or waits. */
  async drained(): Promise<void> {
    await this.#pool?.drained();
  }

  /**
   * Lets the calls that it accepted end, tells each instance to shut down, and frees everything, each in its time.
   * @returns What went wrong while it shut down. It is stopped all the same.
   */
  async stop(): Promise<HostError | undefined> {
    const { name: plugin, limits } = this.settings;
    const limitMs = limits.shutdownMs;
    this.#health?.[Symbol.dispose]();
    try {
      const thrown = await this.#pool?.end((instance) => this.#shutDown(instance));
      if (HostError.is(thrown, "PLUGIN_TIMEOUT"))
        return new HostError("SHUTDOWN_TIMEOUT", { plugin, limitMs });
      if (thrown !== undefined && !HostError.is(thrown)) throw thrown;
      return thrown;
    } finally {
      await closeInTime(this.#free(), { plugin, limitMs, clock: this.#options.clock });
    }
  }

  #shutDown(instance: PluginInstance): Promise<unknown> {
    if (this.streams) return Promise.resolve();
    const limits = { ...this.limits({}), ...limitOf(this.settings.limits.shutdownMs) };
    return instance.call(SHUTDOWN, [], limits);
  }

  async #free(): Promise<void> {
    this.#factory?.close();
    await this.#provided.close();
  }

  async #start(): Promise<void> {
    const { component, settings } = this.#options;
    const { limits, name, instances } = settings;
    const factory = await this.#createFactory();
    this.#factory = factory;
    const create = async () => {
      try {
        return await this.#createInstance(factory);
      } catch (error) {
        this.#died();
        throw error;
      }
    };
    this.#pool = new InstancePool({ plugin: name, instances, queueLength: limits.queueLength, create });
    if (this.streams) this.#routes = EVERY_ROUTE;
    if (component.shape.exports.includes("http-plugin")) {
      this.#routes = verifyRoutes((await this.#run(REGISTER_ROUTES)) as Route[], name);
    } else await this.#withInstance(this.limits({}), () => Promise.resolve());
    if (component.shape.exports.includes("health")) await this.#watchHealth();
  }

  async #watchHealth(): Promise<void> {
    await this.#run(CHECK);
    this.#health = new HealthWatch({
      clock: this.#options.clock,
      intervalMs: this.settings.healthCheckMs,
      isBusy: () => this.traffic.busy >= this.traffic.instances,
      check: () => this.#run(CHECK),
    });
  }

  /** What makes the instances, where the settings want them. */
  async #createFactory(): Promise<InstanceFactory> {
    const { component, settings, loader, turnstile, workers } = this.#options;
    const { limits, name: plugin, placement } = settings;
    const { memoryBytes } = limits;
    const bindings = await loader.load(component, plugin, {
      maxMemoryPages: Math.floor(memoryBytes / PAGE_BYTES),
      maxTableElements: limits.tableElements,
      fuel: limits.fuel,
      files: settings.permissions.filesystem.length > 0,
    });
    const options = { plugin, shape: component.shape, bindings, memoryBytes, memory: this.#memory };
    return placement === "worker" ? workers.instancesOf(options) : inlineInstances({ ...options, turnstile });
  }

  async #createInstance(factory: InstanceFactory): Promise<PluginInstance> {
    const instance = await factory.create(this.#provided.forInstance());
    if (this.streams) this.#info ??= standardInfo(this.settings.name, this.component.hash);
    else await this.#initialize(instance);
    return instance;
  }

  async #initialize(instance: PluginInstance): Promise<void> {
    const { config } = this.settings;
    try {
      this.#info ??= await this.#askInfo(instance);
      await instance.call(INITIALIZE, lowerArgs(INITIALIZE, [config]), this.limits({}));
    } catch (error) {
      instance[Symbol.dispose]();
      throw error;
    }
  }

  async #askInfo(instance: PluginInstance): Promise<PluginInfo> {
    const answer = (await instance.call(INFO, [], this.limits({}))) as PluginInfo;
    const info = verifyInfo(answer, this.settings.name);
    await this.#options.confirmInfo(info);
    return info;
  }

  #run(target: CallTarget): Promise<unknown> {
    return this.#withInstance(this.limits({}), (instance, limits) => instance.call(target, [], limits));
  }

  #withInstance<T>(limits: CallLimits, use: Use<T>): Promise<T> {
    if (!this.#pool) throw new HostError("PLUGIN_STOPPED", { plugin: this.settings.name });
    return this.#pool.run(limits, async (instance, bounded) => {
      const before = instance.fuelUsed;
      try {
        return await use(instance, bounded);
      } finally {
        this.#fuelUsed += instance.fuelUsed - before;
      }
    });
  }

  limits({ signal, timeoutMs: wanted = Infinity }: CallOptions): CallLimits {
    const { cpuMs, timeoutMs: most } = this.settings.limits;
    const timeoutMs = Math.min(most, wanted);
    return { ...limitOf(timeoutMs), cpuMs, signal };
  }

  #note(error: unknown, used: PluginInstance | undefined): void {
    if (used && !used.dead) this.#breaker.succeeded();
    else if (used && !this.#wasImpatient(error)) this.#died();
    // What went wrong while an instance was made was noted there, whether or not somebody still waited for it.
    else this.#breaker.withdrawn();
  }

  /** Whether the call ended because its caller would not wait: that says nothing against the plugin. */
  #wasImpatient(error: unknown): boolean {
    if (HostError.is(error, "PLUGIN_ABORTED")) return true;
    if (!HostError.is(error, "PLUGIN_TIMEOUT")) return false;
    return error.details.caller !== undefined || error.details.limitMs < this.settings.limits.timeoutMs;
  }

  #died(): void {
    this.#failures++;
    this.#breaker.died();
  }
}

function handleBy(instance: PluginInstance, exchange: HttpExchange, limits: CallLimits): Promise<void> {
  if (!instance.handle) throw new Error("A standard HTTP component lives in the host's own thread.");
  return instance.handle(exchange, limits);
}

/** A standard component says nothing of itself: its version is told by its bytes. */
function standardInfo(name: string, hash: string): PluginInfo {
  return {
    name,
    version: `0.0.0+${hash.slice(0, 12)}`,
    description: "A standard HTTP component (wasi:http)",
  };
}

function limitOf(timeoutMs: number): Pick<CallLimits, "deadline" | "timeoutMs"> {
  return { deadline: performance.now() + timeoutMs, timeoutMs };
}

function aborted(plugin: string, signal: AbortSignal): HostError {
  return new HostError("PLUGIN_ABORTED", { plugin }, { cause: signal.reason });
}
