import { HostError } from "../core/error.ts";
import type { Bindings, BoundExports, BoundFunction } from "../component/bindings.ts";
import { interfaceName } from "../component/contract/version.ts";
import type { ModuleHooks } from "../component/core-module/module-hooks.ts";
import { linkServices } from "../component/link.ts";
import type { PluginShape } from "../component/shape.ts";
import { createWasi, type WasiHooks } from "../component/wasi.ts";
import type { HttpExchange } from "../component/wasi-http/http-exchange.ts";
import { WasiResources } from "../component/wasi-resources.ts";
import type { CallTarget } from "./call-target.ts";
import { explainFailure, isFatal } from "./failure.ts";
import { type CallLimits, Guard } from "./guard.ts";
import type { MemoryMeter } from "./memory-meter.ts";
import type { InstanceServices, PluginInstance } from "./plugin-instance.ts";
import type { Turnstile } from "./turnstile.ts";

/** What an instance is made of. */
export interface InstanceOptions {
  readonly plugin: string;
  readonly shape: PluginShape;
  readonly bindings: Bindings;
  readonly services: InstanceServices;
  /** Counts the instance's memory. */
  readonly memory: MemoryMeter;
  readonly turnstile: Turnstile;
}

/**
 * One instance of a plugin: a memory of its own, its services, its limits.
 *
 * It takes one call at a time. After anything but an ordinary answer it is dead: `call` has thrown the
 * reason, and all that is left to do is to dispose of it.
 */
export class Instance implements PluginInstance {
  readonly #options: InstanceOptions;
  readonly #guard: Guard;
  readonly #exports: BoundExports;
  readonly #called = new Map<CallTarget, BoundFunction>();
  readonly #resources = new Set<Disposable>();
  readonly #wasi: WasiResources;
  #dead = false;

  /**
   * @throws HostError SERVICE_MISSING when it imports a service that it does not have
   * @throws HostError as `call` does, when its start function fails
   */
  constructor(options: InstanceOptions) {
    const { plugin, bindings, memory, turnstile } = options;
    this.#options = options;
    this.#guard = new Guard(plugin, turnstile, memory);
    this.#wasi = new WasiResources((reason) => this.#misused("WASI", reason));
    const imports = { ...this.#linkServices(), ...this.#createWasi() };
    try {
      this.#exports = bindings.instantiate(
        plugin,
        this.#guard.view(),
        imports,
        (module, coreImports, made) => this.#guard.instantiateCore(module, coreImports, made),
        this.#moduleHooks(),
      );
    } catch (error) {
      const explained = this.#explain(error, "its start");
      this[Symbol.dispose]();
      throw explained;
    }
  }

  get dead(): boolean {
    // A call may have been aborted while its answer was on its way: the next one is not to die of that.
    return this.#dead || this.#guard.verdict !== undefined;
  }

  get fuelUsed(): bigint {
    return this.#guard.fuelUsed;
  }

  call(target: CallTarget, wireArgs: readonly unknown[], limits: CallLimits): Promise<unknown> {
    const exported = this.#exported(target);
    const { result } = target.contract;
    const lift = (given: unknown) => {
      const answer = exported.lift ? exported.lift(given) : given;
      return result.verbatim ? answer : result.lift(answer);
    };
    return this.#run(target.name, limits, () => exported(...wireArgs), lift);
  }

  handle(exchange: HttpExchange, limits: CallLimits): Promise<void> {
    const handle = this.#exports[this.#options.shape.handler ?? ""]?.["handle"];
    if (!handle) throw new Error(`Plugin ${this.#options.plugin} is no standard HTTP component.`);
    const invoke = () => handle(...exchange.args(this.#wasi));
    // It gives nothing, but may have broken a rule and caught what it was told.
    const lift = (given: unknown) => {
      handle.lift?.(given);
      exchange.returned();
    };
    return this.#run("incoming-handler.handle", limits, invoke, lift);
  }

  /** @param lift Makes a result of the plugin's answer. */
  async #run<T>(
    functionName: string,
    limits: CallLimits,
    invoke: () => Promise<unknown>,
    lift: (answer: unknown) => T,
  ): Promise<T> {
    this.#options.services.beginCall(limits.requestId);
    try {
      return lift(await this.#guard.run(limits, invoke));
    } catch (error) {
      // A peer has as long as its caller: that its time is up is no answer of the caller's.
      this.#guard.expire();
      const explained = this.#explain(error, functionName);
      this.#dead ||= isFatal(explained);
      throw explained;
    } finally {
      this.#guard.end();
    }
  }

  /** Ends what still runs, disposes of what the plugin was handed, gives its memory back. */
  [Symbol.dispose](): void {
    this.#dead = true;
    this.#guard.kill(new HostError("PLUGIN_STOPPED", { plugin: this.#options.plugin }));
    this.#options.services.end();
    for (const resource of this.#resources) resource[Symbol.dispose]();
    this.#resources.clear();
    this.#wasi[Symbol.dispose]();
    this.#options.memory.release();
  }

  #exported(target: CallTarget): BoundFunction {
    const known = this.#called.get(target);
    if (known) return known;
    const { plugin, shape } = this.#options;
    const exported = this.#exports[interfaceName(target.interface, shape.contractVersion)]?.[target.jsName];
    if (!exported) throw new Error(`Plugin ${plugin} does not export ${target.name}.`);
    this.#called.set(target, exported);
    return exported;
  }

  #linkServices(): Record<string, object> {
    const { plugin, shape, services } = this.#options;
    return linkServices(shape.services, services.services, plugin, {
      fault: (error) => this.#fault(error),
      own: (resource) => this.#own(resource),
      disown: (resource) => void this.#resources.delete(resource),
    });
  }

  /** What is opened for an instance that has ended meanwhile is of no use to anybody. */
  #own(resource: Disposable): void {
    if (this.#dead) resource[Symbol.dispose]();
    else this.#resources.add(resource);
  }

  #createWasi(): Record<string, object> {
    const { shape, services } = this.#options;
    if (shape.wasi.length === 0) return {};
    const { services: given, folders } = services;
    const fault = (error: unknown) => this.#fault(error);
    return createWasi({ services: given, folders, fault, ...this.#wasiHooks() }, this.#wasi);
  }

  #moduleHooks(): ModuleHooks {
    const { logger, clock } = this.#options.services.services;
    return {
      ...this.#wasiHooks(),
      log: (level, message, fields) => logger.log(level, message, fields),
      now: () => clock.nowMs(),
      misused: (functionName, reason) => this.#misused(functionName, reason),
    };
  }

  #wasiHooks(): WasiHooks {
    const { plugin, services } = this.#options;
    const print = (stream: "stdout" | "stderr", line: string) =>
      services.services.logger.log(stream === "stderr" ? "error" : "info", line, undefined);
    const exit = (failed: boolean) => {
      const verdict = new HostError("PLUGIN_EXITED", { plugin, failed });
      this.#guard.kill(verdict);
      throw verdict;
    };
    return { print, exit };
  }

  #misused(functionName: string, reason: string): Error {
    const { plugin } = this.#options;
    return this.#fault(new HostError("SERVICE_MISUSED", { plugin, function: functionName, reason }));
  }

  #fault(error: unknown): Error {
    const { plugin } = this.#options;
    const verdict = HostError.is(error, "SERVICE_MISUSED")
      ? error
      : new HostError("SERVICE_FAULT", { plugin }, { cause: error });
    this.#guard.kill(verdict);
    return verdict;
  }

  #explain(thrown: unknown, functionName: string): HostError {
    return explainFailure(thrown, {
      plugin: this.#options.plugin,
      function: functionName,
      verdict: this.#guard.verdict,
      memory: this.#options.memory.tightest(),
      growthRefused: this.#guard.growthRefused,
      lastWords: this.#options.services.lastWords(),
    });
  }
}
