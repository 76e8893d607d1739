import { extname } from "node:path";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { messageOf } from "../core/error.ts";
import type { CompiledComponent } from "../component/bindings.ts";
import type { MemoryMeter } from "../engine/memory-meter.ts";
import type { InstanceServices } from "../engine/plugin-instance.ts";
import { clockOffsetMs } from "./clock-offset.ts";
import type { Birth, FromThread, ServiceAnswer, ThreadData, ToThread } from "./message.ts";
import { RemoteInstance } from "./remote-instance.ts";

interface WorkerThreadOptions {
  /** Bytes of the heap of JavaScript. What is used by plugins' memories does not count. */
  readonly heapBytes: number;
  readonly systemTime: boolean;
  /** It is ended if its event loop does not turn for so long, while something is expected of it. */
  readonly stuckAfterMs: number;
  /** The thread has ended. `worked`: it had been of use before. */
  readonly onEnd: (ended: { worked: boolean }) => void;
}

/** A component, and the number under which threads know it. */
interface NumberedComponent {
  readonly number: number;
  readonly compiled: CompiledComponent;
}

/** What an instance is to be made of. */
interface InstanceParts {
  readonly component: NumberedComponent;
  readonly birth: Omit<Birth, "memory" | "component">;
  readonly services: InstanceServices;
  readonly memory: MemoryMeter;
}

/** A thread in which instances live: the host's end of it. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #answers: MessagePort;
  /** Components that it has, or is about to have. */
  readonly #bound = new Map<number, PromiseWithResolvers<void>>();
  readonly #instances = new Map<number, RemoteInstance>();
  #numbers = 0;
  #expected = 0;
  #reserved = 0;
  #worked = false;
  #ended = false;
  readonly #watch: NodeJS.Timeout;
  /** Whether it was asked if it still turns, and has not said so. */
  #pinged = false;
  #endsBecause = "it was ended";

  constructor({ heapBytes, systemTime, stuckAfterMs, onEnd }: WorkerThreadOptions) {
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
      // Flags such as --input-type are meant for the program.
      execArgv: [],
      env: {},
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(heapBytes / 2 ** 20) },
    });
    this.#worker.unref();
    this.#watch = setInterval(() => this.#verifyTurns(stuckAfterMs), stuckAfterMs).unref();
    this.#worker
      .on("message", (message: FromThread) => this.#receive(message))
      .on("error", (error) => (this.#endsBecause = messageOf(error)))
      .once("exit", () => {
        this.#lose();
        onEnd({ worked: this.#worked });
      });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** How much it has to do: calls that run, and instances that live in it or have a place reserved. */
  get load(): { readonly busy: number; readonly instances: number } {
    return { busy: this.#expected, instances: this.#instances.size + this.#reserved };
  }

  /**
   * Keeps a place for the first instance of a component. Resolves when the thread runs and has the component.
   *
   * @returns What gives the place up.
   */
  async reserve(component: NumberedComponent): Promise<() => void> {
    let reserved = 1;
    this.#reserved++;
    this.#expect(true);
    await this.#bind(component);
    this.#expect(false);
    return () => {
      this.#reserved -= reserved;
      reserved = 0;
    };
  }

  /** Makes an instance. @throws HostError as the constructor of `Instance` does, or PLUGIN_WORKER_LOST */
  async create({ birth, component, services, memory }: InstanceParts): Promise<RemoteInstance> {
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
    if (this.#ended) instance.lost("it had ended before");
    void this.#bind(component);
    try {
      await instance.start({ ...birth, component: component.number, memory: memory.share() });
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

  #bind({ number, compiled }: NumberedComponent): Promise<void> {
    const known = this.#bound.get(number);
    if (known) return known.promise;
    const bound = Promise.withResolvers<void>();
    this.#bound.set(number, bound);
    this.#post({ type: "bind", component: number, compiled });
    return bound.promise;
  }

  #receive(message: FromThread): void {
    switch (message.type) {
      case "pong":
        this.#pinged = false;
        break;
      case "bound":
        this.#worked = true;
        this.#bound.get(message.component)?.resolve();
        break;
      default: {
        const instance = this.#instances.get(message.instance);
        if (instance) instance.receive(message);
        // It has been disposed of, and its thread does not know yet.
        else if (message.type === "ask-now") this.#answerNow({ type: "fault" });
      }
    }
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

  #verifyTurns(stuckAfterMs: number): void {
    if (this.#pinged) setImmediate(() => this.#endIfSilent(stuckAfterMs));
    else if (this.#expected > 0) {
      this.#pinged = true;
      this.#post({ type: "ping" });
    }
  }

  /** By now all that came while the host itself was busy has been heard. */
  #endIfSilent(stuckAfterMs: number): void {
    if (!this.#pinged) return;
    this.#endsBecause = `it did nothing for ${stuckAfterMs} ms`;
    void this.end();
  }

  #lose(): void {
    this.#ended = true;
    clearInterval(this.#watch);
    this.#answers.close();
    // What is to be made here fails as the instances do.
    for (const { resolve } of this.#bound.values()) resolve();
    for (const instance of this.#instances.values()) instance.lost(this.#endsBecause);
  }
}
