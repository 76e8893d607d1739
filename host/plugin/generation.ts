import type { Clock } from "../core/clock.ts";
import { HostError } from "../core/error.ts";
import type { StreamedRequest, StreamedResponse } from "../component/wasi-http/streamed.ts";
import type { ComponentLoader, InspectedComponent } from "../component/loader.ts";
import type { CallOptions } from "../component/contract/exports.ts";
import type {
  HttpRequest,
  PluginInfo,
  Route,
  StreamRequestInit,
  StreamResponse,
} from "../component/contract/data.ts";
import type { PluginSettings } from "../config/settings.ts";
import { type CallTarget, callTarget, lowerArgs } from "../engine/call-target.ts";
import type { CircuitState } from "../engine/circuit-breaker.ts";
import type { CallLimits } from "../engine/guard.ts";
import { MemoryMeter, type MemoryReport } from "../engine/memory-meter.ts";
import type { InstanceFactory, InstanceServices, PluginInstance } from "../engine/plugin-instance.ts";
import { InstancePool } from "../engine/pool.ts";
import type { Turnstile } from "../engine/turnstile.ts";
import type { CallObservers } from "./call-observers.ts";
import { createFactory } from "./create-factory.ts";
import { type HealthReport, HealthWatch } from "./health-watch.ts";
import type { StandsOn } from "./foundation.ts";
import { closeInTime } from "./close-in-time.ts";
import type { Workers } from "../workers/workers.ts";
import { verifySupported } from "./verify-supported.ts";
import { verifyPermissions } from "../security/permissions.ts";
import { StandardComponent } from "./standard-component.ts";
import type { PluginStatus } from "./status.ts";
import { StreamCalls } from "./stream-calls.ts";
import { Traffic } from "./traffic.ts";
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
  readonly workers: Pick<Workers, "instancesOf">;
  readonly clock: Clock;
  readonly observers: CallObservers;
  readonly provideServices: (settings: PluginSettings) => GenerationServices;
  /** What of the host it would stand on. */
  readonly under: (settings: PluginSettings) => StandsOn;
  /** Throws when the plugin is not who it should be. Called before it is initialised. */
  readonly confirmInfo: (info: PluginInfo) => Promise<void>;
  /** Told when it is no longer healthy, with the reason, and when it is again. */
  readonly onHealth: (problem: HostError | undefined) => void;
}

const INFO = callTarget("plugin", "info");
const INITIALIZE = callTarget("plugin", "initialize");
const SHUTDOWN = callTarget("plugin", "shutdown");
const CHECK = callTarget("health", "check");
const REGISTER_ROUTES = callTarget("http-plugin", "register-routes");
const REGISTER_STREAM_ROUTES = callTarget("http-stream-plugin", "register-stream-routes");

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
  readonly standsOn: StandsOn;
  readonly #options: GenerationOptions;
  readonly #memory: MemoryMeter;
  readonly #provided: GenerationServices;
  readonly #pool: InstancePool;
  readonly #traffic: Traffic;
  readonly #standard: StandardComponent | undefined;
  #factory: InstanceFactory | undefined;
  #health: HealthWatch | undefined;
  #info: PluginInfo | undefined;
  #routes: readonly Route[] = [];
  #streamRoutes: readonly Route[] = [];
  readonly #streams: StreamCalls;

  private constructor(options: GenerationOptions) {
    const { component, settings } = options;
    const { name: plugin, instances, limits } = settings;
    this.number = options.number;
    this.component = component;
    this.settings = settings;
    this.standsOn = options.under(settings);
    this.#options = options;
    this.#memory = new MemoryMeter(limits.totalMemoryBytes);
    this.#provided = options.provideServices(settings);
    const create = () => this.#createInstance();
    this.#pool = new InstancePool({ plugin, instances, queueLength: limits.queueLength, create });
    this.#traffic = new Traffic({ ...options, pool: this.#pool });
    this.#streams = new StreamCalls(settings, this.#traffic);
    if (component.shape.handler === undefined) return;
    this.#standard = new StandardComponent(component.hash, settings, this.#traffic);
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
      generation.#pool.close();
      // Why it did not start is what matters; what cannot be freed in time must not keep the plugin's next change waiting.
      await generation.#freeInTime().catch(() => undefined);
      throw error;
    }
  }

  get info(): PluginInfo {
    if (!this.#info) throw new Error("The generation was not started.");
    return this.#info;
  }

  /** Whether it is a standard HTTP component, through which bodies go as streams. */
  get streams(): boolean {
    return this.#standard !== undefined;
  }

  /** What an HTTP plugin answers; nothing for others. */
  get routes(): readonly Route[] {
    return this.#routes;
  }

  /** What it answers with bodies that are streams. */
  get streamRoutes(): readonly Route[] {
    return this.#streamRoutes;
  }

  get memory(): MemoryReport {
    return this.#memory.report();
  }

  get circuit(): CircuitState {
    return this.#traffic.circuit;
  }

  /** What came of the last check of its health; nothing if it has none to check. */
  get health(): HealthReport | undefined {
    return this.#health?.report;
  }

  /** Calls since it started, how many of them killed an instance, what all cost, and how many run or wait. */
  get traffic(): NonNullable<PluginStatus["traffic"]> {
    return this.#traffic.report;
  }

  /**
   * Calls an exported function.
   *
   * @param limits Of a call that was made earlier, and has waited.
   * @throws HostError VALUE_INVALID when an argument does not fit: at once, as everything that keeps it from being made
   * @throws HostError PLUGIN_OVERLOADED, PLUGIN_REENTERED, PLUGIN_CIRCUIT_OPEN when the call was not made
   * @throws HostError as `Instance.call` does
   */
  call(
    target: CallTarget,
    args: readonly unknown[],
    options: CallOptions = {},
    limits: CallLimits = this.limits(options),
  ): Promise<unknown> {
    if (this.#standard) return this.#callStandard(this.#standard, target, args, limits);
    const wireArgs = lowerArgs(target, args);
    return this.#traffic.run(target.name, limits, (instance, bounded) =>
      instance.call(target, wireArgs, bounded),
    );
  }

  /**
   * Has a standard HTTP component answer a request. Its instance is busy until all of the body has been fetched.
   *
   * @returns When the head of the answer is there.
   * @throws HostError as `call` does; PLUGIN_ANSWER_INVALID when it does not answer
   */
  async exchange(
    request: StreamedRequest,
    options: CallOptions = {},
    limits: CallLimits = this.limits(options),
  ): Promise<StreamedResponse> {
    if (!this.#standard) throw new Error(`Plugin ${this.settings.name} is no standard HTTP component.`);
    return this.#standard.exchange(request, limits);
  }

  /**
   * Answers a request whose bodies are streams. An instance is busy until the plugin has returned.
   *
   * @returns When the head of the answer is there.
   * @throws HostError as `call` does; PLUGIN_ANSWER_INVALID when it does not answer
   */
  async stream(
    request: StreamRequestInit,
    options: CallOptions = {},
    limits: CallLimits = this.limits(options),
  ): Promise<StreamResponse> {
    return this.#streams.handle(request, limits);
  }

  async #callStandard(
    standard: StandardComponent,
    target: CallTarget,
    args: readonly unknown[],
    limits: CallLimits,
  ): Promise<unknown> {
    if (target === REGISTER_ROUTES) return standard.routes;
    const [request] = lowerArgs(target, args) as [HttpRequest];
    return standard.handleRequest(request, limits);
  }

  /** Resolves when no call runs or waits. */
  drained(): Promise<void> {
    return this.#pool.drained();
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
      const thrown = await this.#pool.end((instance) => this.#shutDown(instance));
      if (HostError.is(thrown, "PLUGIN_TIMEOUT"))
        return new HostError("SHUTDOWN_TIMEOUT", { plugin, limitMs });
      if (thrown !== undefined && !HostError.is(thrown)) throw thrown;
      return thrown;
    } finally {
      await this.#freeInTime();
    }
  }

  #shutDown(instance: PluginInstance): Promise<unknown> {
    if (this.streams) return Promise.resolve();
    const { shutdownMs: timeoutMs } = this.settings.limits;
    const deadline = performance.now() + timeoutMs;
    return instance.call(SHUTDOWN, [], { ...this.limits({}), deadline, timeoutMs });
  }

  #freeInTime(): Promise<void> {
    const { name: plugin, limits } = this.settings;
    return closeInTime(this.#free(), { plugin, limitMs: limits.shutdownMs, clock: this.#options.clock });
  }

  async #free(): Promise<void> {
    this.#factory?.close();
    await this.#provided.close();
  }

  async #start(): Promise<void> {
    const { shape } = this.component;
    this.#factory = await createFactory(this.#options, this.#memory);
    if (this.#standard) this.#routes = this.#standard.routes;
    if (shape.exports.includes("http-plugin")) {
      this.#routes = await this.#askRoutes(REGISTER_ROUTES);
    } else await this.#pool.run(this.limits({}), () => Promise.resolve());
    if (shape.exports.includes("http-stream-plugin")) {
      this.#streamRoutes = await this.#askRoutes(REGISTER_STREAM_ROUTES);
    }
    if (shape.exports.includes("health")) await this.#watchHealth();
  }

  async #askRoutes(target: CallTarget): Promise<readonly Route[]> {
    return verifyRoutes((await this.#run(target)) as Route[], this.settings.name, target.name);
  }

  async #watchHealth(): Promise<void> {
    await this.#run(CHECK);
    this.#health = new HealthWatch({
      clock: this.#options.clock,
      intervalMs: this.settings.healthCheckMs,
      isBusy: () => this.traffic.busy >= this.settings.instances,
      check: () => this.#run(CHECK),
      onChange: this.#options.onHealth,
    });
  }

  async #createInstance(): Promise<PluginInstance> {
    if (!this.#factory) throw new Error("The generation was not started.");
    try {
      const { shape } = this.component;
      const instance = await this.#streams.create(this.#factory, shape, this.#provided.forInstance());
      if (this.#standard) this.#info ??= this.#standard.info;
      else await this.#initialize(instance);
      return instance;
    } catch (error) {
      this.#traffic.died();
      throw error;
    }
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
    return this.#pool.run(this.limits({}), (instance, limits) => instance.call(target, [], limits));
  }

  limits({ signal, timeoutMs: wanted = Infinity, requestId }: CallOptions): CallLimits {
    const { cpuMs, timeoutMs: most } = this.settings.limits;
    const timeoutMs = Math.min(most, wanted);
    return { deadline: performance.now() + timeoutMs, timeoutMs, cpuMs, signal, requestId };
  }
}
