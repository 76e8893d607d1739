import { HostError } from "../core/error.ts";
import type { Bindings, BoundExports } from "../component/bindings.ts";
import type { Services } from "../component/contract/services.ts";
import { interfaceName } from "../component/contract/version.ts";
import { linkServices } from "../component/link.ts";
import type { PluginShape } from "../component/shape.ts";
import { createWasi } from "../component/wasi.ts";
import { type CallTarget, targetName } from "./call-target.ts";
import { explainFailure, isFatal } from "./failure.ts";
import { type CallLimits, Guard } from "./guard.ts";
import { MemoryMeter } from "./memory-meter.ts";
import type { Turnstile } from "./turnstile.ts";

/** The services of one instance. */
export interface InstanceServices {
  readonly services: Services;
  /** The last error that the instance logged. */
  lastWords(): string | undefined;
}

/** What an instance is made of. */
export interface InstanceOptions {
  readonly plugin: string;
  readonly shape: PluginShape;
  readonly bindings: Bindings;
  readonly services: InstanceServices;
  /** Of one instance. */
  readonly memoryBytes: number;
  /** Counts all instances of the plugin. */
  readonly memory: MemoryMeter;
  readonly turnstile: Turnstile;
}

/**
 * One instance of a plugin: a memory of its own, its services, its limits.
 *
 * It takes one call at a time. After anything but an ordinary answer it is dead: `call` has thrown the
 * reason, and all that is left to do is to dispose of it.
 */
export class Instance implements Disposable {
  readonly #options: InstanceOptions;
  readonly #guard: Guard;
  readonly #memory: MemoryMeter;
  readonly #exports: BoundExports;
  readonly #called = new Map<CallTarget, BoundExports[string][string]>();
  readonly #resources = new Set<Disposable>();
  #dead = false;

  /**
   * @throws HostError SERVICE_MISSING when it imports a service that it does not have
   * @throws HostError as `call` does, when its start function fails
   */
  constructor(options: InstanceOptions) {
    const { plugin, bindings } = options;
    this.#options = options;
    this.#memory = new MemoryMeter(options.memoryBytes, options.memory);
    this.#guard = new Guard(plugin, options.turnstile, this.#memory);
    const imports = { ...this.#linkServices(), ...this.#createWasi() };
    try {
      this.#exports = bindings.instantiate(this.#guard.view(), imports, (module, coreImports) =>
        this.#guard.instantiateCore(module, coreImports),
      );
    } catch (error) {
      const explained = this.#explain(error, "its start");
      this[Symbol.dispose]();
      throw explained;
    }
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Fuel used so far. */
  get fuelUsed(): bigint {
    return this.#guard.fuelUsed;
  }

  /**
   * Calls an exported function.
   *
   * @param wireArgs As `lowerArgs` made them.
   * @returns The result, lifted.
   * @throws HostError PLUGIN_ERROR when the plugin answers with an error of the contract
   * @throws HostError PLUGIN_TRAPPED, PLUGIN_TIMEOUT, PLUGIN_CPU_LIMIT, PLUGIN_MEMORY_LIMIT,
   * PLUGIN_STACK_OVERFLOW, PLUGIN_ABORTED, PLUGIN_ANSWER_INVALID, PLUGIN_EXITED, SERVICE_FAULT; after these
   * the instance is dead
   */
  async call(target: CallTarget, wireArgs: readonly unknown[], limits: CallLimits): Promise<unknown> {
    try {
      const answer = await new Promise((resolve, reject) => {
        this.#guard.begin(limits, reject);
        this.#exported(target)(...wireArgs).then(resolve, reject);
      });
      const { result } = target.contract;
      return this.#options.bindings.exact && result.verbatim ? answer : result.lift(answer);
    } catch (error) {
      const explained = this.#explain(error, targetName(target));
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
    for (const resource of this.#resources) resource[Symbol.dispose]();
    this.#resources.clear();
    this.#memory.release();
  }

  #exported(target: CallTarget): BoundExports[string][string] {
    const known = this.#called.get(target);
    if (known) return known;
    const { plugin, shape } = this.#options;
    const exported = this.#exports[interfaceName(target.interface, shape.contractVersion)]?.[target.jsName];
    if (!exported) throw new Error(`Plugin ${plugin} does not export ${targetName(target)}.`);
    this.#called.set(target, exported);
    return exported;
  }

  #linkServices(): Record<string, object> {
    const { plugin, shape, services } = this.#options;
    return linkServices(shape.services, services.services, plugin, {
      fault: (error) => this.#fault(error),
      own: (resource) => void this.#resources.add(resource),
      disown: (resource) => void this.#resources.delete(resource),
    });
  }

  #createWasi(): Record<string, object> {
    const { plugin, shape, services } = this.#options;
    if (shape.wasi.length === 0) return {};
    return createWasi({
      print: (stream, line) => {
        services.services.logger.log(stream === "stderr" ? "error" : "info", line, undefined);
      },
      exit: (failed) => {
        const verdict = new HostError("PLUGIN_EXITED", { plugin, failed });
        this.#guard.kill(verdict);
        throw verdict;
      },
    });
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
      memory: this.#memory.tightest(),
      growthRefused: this.#guard.growthRefused,
      lastWords: this.#options.services.lastWords(),
    });
  }
}
