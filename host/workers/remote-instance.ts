import { AsyncLocalStorage } from "node:async_hooks";
import { HostError } from "../core/error.ts";
import { runInCall } from "../engine/call-chain.ts";
import type { CallTarget } from "../engine/call-target.ts";
import type { CallLimits } from "../engine/guard.ts";
import type { MemoryMeter } from "../engine/memory-meter.ts";
import type { InstanceServices, PluginInstance } from "../engine/plugin-instance.ts";
import { clockOffsetMs } from "./clock-offset.ts";
import { compact } from "./compact.ts";
import type { Birth, FromInstance, Question, ServiceAnswer, ToThread } from "./message.ts";
import { ServiceDesk } from "./service-desk.ts";
import { fromWire, type WireError } from "./wire-error.ts";

interface RemoteInstanceOptions {
  readonly number: number;
  readonly plugin: string;
  readonly services: InstanceServices;
  /** Counts the instance's memory. Its thread counts on the same. */
  readonly memory: MemoryMeter;
  readonly post: (message: ToThread) => void;
  /** Answers a question for which the thread stands still. */
  readonly answerNow: (answer: ServiceAnswer) => void;
  /** Called when something is expected of the thread, and when it has come. */
  readonly expect: (expecting: boolean) => void;
  readonly onDispose: () => void;
}

/** What an instance in a thread is doing. */
interface Pending extends PromiseWithResolvers<unknown> {
  readonly function: string;
  readonly signal: AbortSignal | undefined;
  /** Runs a function as part of the call: messages do not know what they belong to. */
  readonly inCall: ReturnType<typeof AsyncLocalStorage.snapshot>;
}

/** The host's end of an instance that lives in a thread. Its services are asked here. */
export class RemoteInstance implements PluginInstance {
  readonly #options: RemoteInstanceOptions;
  readonly #desk: ServiceDesk;
  #pending: Pending | undefined;
  #fuelUsed = 0n;
  #dead = false;
  #servicesEnded = false;
  #disposed = false;

  constructor(options: RemoteInstanceOptions) {
    this.#options = options;
    this.#desk = new ServiceDesk(options.services.services);
  }

  get dead(): boolean {
    return this.#dead;
  }

  get fuelUsed(): bigint {
    return this.#fuelUsed;
  }

  /** Has it made. @throws HostError as the constructor of `Instance` does */
  async start(birth: Birth): Promise<void> {
    const { number: instance, post } = this.#options;
    const made = this.#await("its start");
    post({ type: "create", instance, birth });
    await made;
  }

  async call(target: CallTarget, wireArgs: readonly unknown[], limits: CallLimits): Promise<unknown> {
    const { number: instance, post, services } = this.#options;
    const { deadline, timeoutMs, cpuMs, signal, requestId } = limits;
    services.beginCall(requestId);
    const abort = () => post({ type: "abort", instance });
    const answer = this.#await(target.name, limits);
    post({
      type: "call",
      instance,
      call: {
        interface: target.interface,
        function: target.function,
        args: wireArgs.map(compact),
        deadlineMs: deadline + clockOffsetMs,
        timeoutMs,
        cpuMs,
      },
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
    try {
      return await answer;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Takes what its thread sent. */
  receive(message: FromInstance): void {
    switch (message.type) {
      case "created":
        this.#settle(undefined, message.failure, message.failure !== undefined);
        break;
      case "answered":
        this.#fuelUsed = message.fuelUsed;
        this.#settle(message.outcome.result, message.outcome.failure, message.dead);
        break;
      case "ask":
        void this.#serve(message.id, message.question);
        break;
      case "ask-now":
        this.#options.answerNow(this.#desk.answerNow(message.question));
        break;
      case "log":
        this.#log(message.line);
        break;
      case "drop":
        this.#desk.drop(message.handle);
        break;
    }
  }

  /** Its thread is gone, and all that it had with it. */
  lost(reason: string): void {
    const { plugin, memory } = this.#options;
    const where = this.#pending?.function ?? "nothing";
    this.#fail(new HostError("PLUGIN_WORKER_LOST", { plugin, function: where, reason }));
    this.#endServices();
    memory.release();
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const { number: instance, plugin, post, onDispose } = this.#options;
    this.#fail(new HostError("PLUGIN_STOPPED", { plugin }));
    this.#endServices();
    post({ type: "dispose", instance });
    onDispose();
  }

  #endServices(): void {
    if (this.#servicesEnded) return;
    this.#servicesEnded = true;
    this.#options.services.end();
    this.#desk[Symbol.dispose]();
  }

  #await(functionName: string, limits?: CallLimits): Promise<unknown> {
    const { plugin, expect } = this.#options;
    if (this.#dead) {
      const details = { plugin, function: functionName, reason: "it had ended before" };
      return Promise.reject(new HostError("PLUGIN_WORKER_LOST", details));
    }
    const inCall = runInCall(limits?.chain, () => AsyncLocalStorage.snapshot());
    this.#pending = { ...Promise.withResolvers(), function: functionName, signal: limits?.signal, inCall };
    expect(true);
    return this.#pending.promise;
  }

  #settle(result: unknown, failure: WireError | undefined, dead: boolean): void {
    this.#dead ||= dead;
    const pending = this.#take();
    if (failure) pending?.reject(this.#revive(failure, pending.signal));
    else pending?.resolve(result);
  }

  #fail(error: HostError): void {
    this.#dead = true;
    this.#take()?.reject(error);
  }

  #take(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#options.expect(false);
    return pending;
  }

  /** What the thread does not know of an error is added here. */
  #revive(failure: WireError, signal: AbortSignal | undefined): HostError {
    switch (failure.code) {
      case "PLUGIN_ABORTED":
        return fromWire(failure, signal?.reason);
      case "SERVICE_FAULT":
        return fromWire(failure, this.#desk.fault);
      case "PLUGIN_TRAPPED": {
        const lastWords = this.#options.services.lastWords() ?? "";
        return fromWire({ ...failure, details: { ...failure.details, lastWords } });
      }
      default:
        return fromWire(failure);
    }
  }

  async #serve(id: number, question: Question): Promise<void> {
    const { number: instance, post } = this.#options;
    const answer = () => this.#desk.answer(question);
    post({
      type: "served",
      instance,
      id,
      answer: await (this.#pending ? this.#pending.inCall(answer) : answer()),
    });
  }

  #log(line: Parameters<ServiceDesk["log"]>[0]): void {
    try {
      this.#desk.log(line);
    } catch (error) {
      this.#fail(new HostError("SERVICE_FAULT", { plugin: this.#options.plugin }, { cause: error }));
    }
  }
}
