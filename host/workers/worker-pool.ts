import type { Bindings } from "../component/bindings.ts";
import type { ServiceName } from "../component/contract/services.ts";
import type { PluginShape } from "../component/shape.ts";
import { HostError } from "../core/error.ts";
import { MemoryMeter } from "../engine/memory-meter.ts";
import type { InstanceFactory, InstanceServices } from "../engine/plugin-instance.ts";
import { WorkerThread } from "./worker-thread.ts";

export interface WorkerPoolOptions {
  /** The most threads there may be. */
  readonly threads: number;
  /** Bytes of the heap of JavaScript of each. */
  readonly heapBytes: number;
  /** Whether the plugins' clock is the system's. */
  readonly systemTime: boolean;
  /** A thread whose event loop does not turn for so long, while something is expected of it, is ended. */
  readonly stuckAfterMs?: number | undefined;
}

/** Whatever plugins do, their threads turn. Only V8, when its memory is nearly used up, may do nothing but collect. */
const STUCK_AFTER_MS = 5_000;

/**
 * How much larger than a plugin's memory a thread's heap has to be. V8 ends a thread whose heap is full, but the
 * whole process if one single thing, such as a text as long as the memory, does not fit by far.
 */
const HEAP_PER_MEMORY = 5;

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
 * started when it is needed, and replaced when it has died.
 */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions;
  readonly #threads = new Set<WorkerThread>();
  #components = 0;
  /** Generations whose instances it makes. */
  #users = 0;
  #retired = false;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /**
   * Makes what makes the instances of one generation of a plugin. The thread of the first one has started when
   * this resolves, so that it takes nobody's time.
   *
   * @throws HostError WORKER_HEAP_SMALL
   */
  async instancesOf(options: RemoteInstancesOptions): Promise<InstanceFactory> {
    const { plugin, shape, bindings, memoryBytes, memory } = options;
    const { heapBytes } = this.#options;
    const neededBytes = memoryBytes * HEAP_PER_MEMORY;
    if (heapBytes < neededBytes) throw new HostError("WORKER_HEAP_SMALL", { plugin, heapBytes, neededBytes });
    const component = { number: this.#components++, compiled: bindings.compiled };
    let first: WorkerThread | undefined = this.#leastBusy(plugin);
    this.#users += 1;
    const giveUpPlace = await first.reserve(component);
    return {
      create: async (services) => {
        giveUpPlace();
        const thread = first && !first.ended ? first : this.#leastBusy(plugin);
        first = undefined;
        const { folders, services: given } = services;
        const birth = { plugin, shape, services: namesOf(services), config: given.config.all(), folders };
        return thread.create({ component, birth, services, memory: new MemoryMeter(memoryBytes, memory) });
      },
      close: () => {
        giveUpPlace();
        for (const thread of this.#threads) thread.unbind(component.number);
        this.#users -= 1;
        this.#endIfDone();
      },
    };
  }

  /** Another pool has taken its place: it ends with the last of the generations that it makes instances of. */
  retire(): void {
    this.#retired = true;
    this.#endIfDone();
  }

  /** Ends all threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#threads, (thread) => thread.end()));
  }

  #endIfDone(): void {
    if (this.#retired && this.#users === 0) void this[Symbol.asyncDispose]();
  }

  /** The thread with the least to do; a new one if there may be one more and none has nothing to do. */
  #leastBusy(plugin: string): WorkerThread {
    if (this.#closed) throw new HostError("PLUGIN_STOPPED", { plugin });
    const [first] = Array.from(this.#threads).toSorted(
      (a, b) => a.load.busy - b.load.busy || a.load.instances - b.load.instances,
    );
    if (first && (first.load.instances === 0 || this.#threads.size >= this.#options.threads)) return first;
    return this.#startThread();
  }

  #startThread(): WorkerThread {
    const { heapBytes, systemTime, stuckAfterMs = STUCK_AFTER_MS } = this.#options;
    const thread = new WorkerThread({
      heapBytes,
      systemTime,
      stuckAfterMs,
      onEnd: ({ worked }) => {
        this.#threads.delete(thread);
        // One that did not even start would not start again either.
        if (worked && !this.#closed) this.#startThread();
      },
    });
    this.#threads.add(thread);
    return thread;
  }
}

function namesOf({ services }: InstanceServices): ServiceName[] {
  const given = Object.entries(services).filter(([, service]) => service !== undefined);
  return given.map(([name]) => name as ServiceName);
}
