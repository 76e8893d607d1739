import type { Bindings } from "../component/bindings.ts";
import type { ServiceName } from "../component/contract/services.ts";
import type { PluginShape } from "../component/shape.ts";
import { HostError } from "../core/error.ts";
import { MemoryMeter } from "../engine/memory-meter.ts";
import type { InstanceFactory, InstanceServices, PluginInstance } from "../engine/plugin-instance.ts";
import { WorkerThread } from "./worker-thread.ts";

export interface WorkerPoolOptions {
  /** The most threads there may be. */
  readonly threads: number;
  /** Bytes of the heap of JavaScript of each. */
  readonly heapBytes: number;
  /** Whether the plugins' clock is the system's. */
  readonly systemTime: boolean;
}

/** The instances of one generation of a plugin. */
export interface RemoteInstancesOptions {
  readonly plugin: string;
  readonly shape: PluginShape;
  readonly bindings: Bindings;
  /** Of one instance. */
  readonly memoryBytes: number;
  /** Counts all instances of the plugin. */
  readonly memory: MemoryMeter;
}

/**
 * The threads of a host in which plugins with `placement: "worker"` live, all plugins in the same few. One is
 * started when it is needed, and one that has died is replaced when the next instance is to be made.
 */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions;
  readonly #threads = new Set<WorkerThread>();
  #components = 0;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** What makes the instances of one generation of a plugin. */
  instancesOf({ plugin, shape, bindings, memoryBytes, memory }: RemoteInstancesOptions): InstanceFactory {
    const component = this.#components++;
    return {
      create: (services: InstanceServices): Promise<PluginInstance> =>
        this.#leastBusy(plugin).create({
          birth: {
            plugin,
            shape,
            component,
            services: namesOf(services),
            config: services.services.config.all(),
          },
          compiled: bindings.compiled,
          services,
          memory: new MemoryMeter(memoryBytes, memory),
        }),
      close: () => this.#threads.forEach((thread) => thread.unbind(component)),
    };
  }

  /** Ends all threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#threads, (thread) => thread.end()));
  }

  /** The thread with the least to do; a new one if there may be one more and none has nothing to do. */
  #leastBusy(plugin: string): WorkerThread {
    if (this.#closed) throw new HostError("PLUGIN_STOPPED", { plugin });
    const [first] = Array.from(this.#threads).toSorted(
      (a, b) => a.load.busy - b.load.busy || a.load.instances - b.load.instances,
    );
    const { threads, heapBytes, systemTime } = this.#options;
    if (first && (first.load.instances === 0 || this.#threads.size >= threads)) return first;
    const thread = new WorkerThread({ heapBytes, systemTime, onEnd: () => this.#threads.delete(thread) });
    this.#threads.add(thread);
    return thread;
  }
}

function namesOf({ services }: InstanceServices): ServiceName[] {
  const given = Object.entries(services).filter(([, service]) => service !== undefined);
  return given.map(([name]) => name as ServiceName);
}
