import type { FolderGrant } from "../config/settings.ts";
import type { Services } from "../component/contract/services.ts";
import type { HttpExchange } from "../component/wasi-http/http-exchange.ts";
import type { CallTarget } from "./call-target.ts";
import type { CallLimits } from "./guard.ts";

/** An instance of a plugin, wherever it lives: in the host's own thread, or in another. */
export interface PluginInstance extends Disposable {
  /** Whether it must not be called any more: all that is left to do is to dispose of it. */
  readonly dead: boolean;
  /** Fuel used in all calls so far. */
  readonly fuelUsed: bigint;
  /**
   * Calls an exported function.
   *
   * @param wireArgs As `lowerArgs` made them.
   * @returns The result, lifted.
   * @throws HostError PLUGIN_ERROR when the plugin answers with an error of the contract
   * @throws HostError PLUGIN_TRAPPED, PLUGIN_TIMEOUT, PLUGIN_CPU_LIMIT, PLUGIN_MEMORY_LIMIT,
   * PLUGIN_STACK_OVERFLOW, PLUGIN_ABORTED, PLUGIN_ANSWER_INVALID, PLUGIN_EXITED, PLUGIN_STOPPED,
   * PLUGIN_WORKER_LOST, SERVICE_FAULT, SERVICE_MISUSED; after these the instance is dead
   */
  call(target: CallTarget, wireArgs: readonly unknown[], limits: CallLimits): Promise<unknown>;
  /**
   * Has a standard HTTP component answer a request. Streams do not cross threads, so this is missing elsewhere
   * than in the host's own.
   *
   * @returns When all of the answer has been fetched.
   * @throws HostError as `call` does
   */
  handle?(exchange: HttpExchange, limits: CallLimits): Promise<void>;
}

/** The services of one instance. */
export interface InstanceServices {
  readonly services: Services;
  /** Those that it may read, and perhaps write to: absolute paths. */
  readonly folders: readonly FolderGrant[];
  /** What the instance logs from now on, it logs for this request, if any. */
  beginCall(requestId: string | undefined): void;
  /** The last error that the instance logged. */
  lastWords(): string | undefined;
  /** The instance has ended: gives up what services still do for it. */
  end(): void;
}

/** Makes the instances of one generation of a plugin. */
export interface InstanceFactory {
  /**
   * @throws HostError SERVICE_MISSING when the plugin imports a service that it does not have
   * @throws HostError as `PluginInstance.call` does, when its start function fails
   */
  create(services: InstanceServices): Promise<PluginInstance>;
  /** No more are made. */
  close(): void;
}
