import { extname } from "node:path";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { messageOf } from "../core/error.ts";
import type { CompiledComponent } from "../component/bindings.ts";
import type { MemoryMeter } from "../engine/memory-meter.ts";
import type { InstanceServices } from "../engine/plugin-instance.ts";
import { clockOffsetMs } from "./clock-offset.ts";
import type { Birth, FromThread, ServiceAnswer, ThreadData, ToThread } from "./message.ts";
import { RemoteInstance } from "./remote-instance.ts";

export interface WorkerThreadOptions {
  /** Bytes of the heap of JavaScript. What is used by plugins' memories does not count. */
  readonly heapBytes: number;
  readonly systemTime: boolean;
  /** The thread has ended, for whatever reason. */
  readonly onEnd: (thread: WorkerThread) => void;
}

/** What an instance is to be made of. */
export interface InstanceParts {
  readonly birth: Omit<Birth, "memory">;
  readonly compiled: CompiledComponent;
  readonly services: InstanceServices;
  readonly memory: MemoryMeter;
}

/** A thread in which instances live: the host's end of it. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #answers: MessagePort;
  readonly #bound = new Set<number>();
  readonly #instances = new Map<number, RemoteInstance>();
  #numbers = 0;
  #expected = 0;
  #ended = false;

  constructor({ heapBytes, systemTime, onEnd }: WorkerThreadOptions) {
    const { port1, port2 } = new MessageChannel();
    this.#answers = port1;
    const data: ThreadData = {
      hostOffsetMs: clockOffsetMs,
      systemTime,
      answered: this.#answered,
      answers: port2,
    };
    this.#worker = new Worker(new URL(`./instance-worker${extname(import.meta.url)}`, import.meta.url), {
      workerData: data,
      transferList: [port2],
      env: {},
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(heapBytes / 2 ** 20) },
    });
    this.#worker.unref();
    let reason = "it was ended";
    this.#worker
      .on("message", (message: FromThread) => this.#instances.get(message.instance)?.receive(message))
      .on("error", (error) => (reason = messageOf(error)))
      .once("exit", () => {
        this.#lose(reason);
        onEnd(this);
      });
  }

  /** How much it has to do: calls that run, and instances that live in it. */
  get load(): { readonly busy: number; readonly instances: number } {
    return { busy: this.#expected, instances: this.#instances.size };
  }

  /** Makes an instance. @throws HostError as the constructor of `Instance` does, or PLUGIN_WORKER_LOST */
  async create({ birth, compiled, services, memory }: InstanceParts): Promise<RemoteInstance> {
    const number = this.#numbers++;
    const instance = new RemoteInstance({
      number,
      plugin: birth.plugin,
      services,
      memory,
      post: (message) => this.#post(message),
      answerNow: (answer) => this.#answerNow(answer),
      expect: (expecting) => this.#expect(expecting),
      onDispose: () => this.#instances.delete(number),
    });
    this.#instances.set(number, instance);
    this.#bind(birth.component, compiled);
    try {
      await instance.start({ ...birth, memory: memory.share() });
      return instance;
    } catch (error) {
      instance[Symbol.dispose]();
      throw error;
    }
  }

  /** No more instances of a component are made. */
  unbind(component: number): void {
    if (this.#bound.delete(component)) this.#post({ type: "unbind", component });
  }

  /** Ends the thread, and with it what still lives in it. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #bind(component: number, compiled: CompiledComponent): void {
    if (this.#bound.has(component)) return;
    this.#bound.add(component);
    this.#post({ type: "bind", component, compiled });
  }

  #post(message: ToThread): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  #answerNow(answer: ServiceAnswer): void {
    this.#answers.postMessage(answer);
    Atomics.add(this.#answered, 0, 1);
    Atomics.notify(this.#answered, 0);
  }

  /** While something is expected of it, the thread keeps the process going. */
  #expect(expecting: boolean): void {
    this.#expected += expecting ? 1 : -1;
    if (expecting && this.#expected === 1) this.#worker.ref();
    if (this.#expected === 0) this.#worker.unref();
  }

  #lose(reason: string): void {
    this.#ended = true;
    this.#answers.close();
    for (const instance of this.#instances.values()) instance.lost(reason);
  }
}
