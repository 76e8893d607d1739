import type { Bindings } from "../component/bindings.ts";
import { HostError } from "../core/error.ts";
import { callTarget } from "../engine/call-target.ts";
import { Instance } from "../engine/instance.ts";
import { MemoryMeter } from "../engine/memory-meter.ts";
import type { Turnstile } from "../engine/turnstile.ts";
import { clockOffsetMs } from "./clock-offset.ts";
import { compact } from "./compact.ts";
import type { Birth, Outcome, RemoteCall, ServiceAnswer, ThreadData } from "./message.ts";
import { remoteServices } from "./remote-services.ts";
import { type Send, ServiceLine } from "./service-line.ts";
import { toWire } from "./wire-error.ts";

/** What a guest is made with, beside what it is made of. */
interface GuestOptions {
  readonly bindings: Bindings;
  readonly turnstile: Turnstile;
  readonly thread: ThreadData;
  readonly send: Send;
}

/** The end of an instance that is in its thread: where it lives. */
export class Guest implements Disposable {
  readonly #options: GuestOptions;
  readonly #line: ServiceLine;
  readonly #instance: Instance;
  readonly #aborter = new AbortController();
  #called = false;

  /** @throws HostError as the constructor of `Instance` does */
  constructor(birth: Birth, options: GuestOptions) {
    const { bindings, turnstile, thread, send } = options;
    this.#options = options;
    this.#line = new ServiceLine(send, thread);
    this.#instance = new Instance({
      plugin: birth.plugin,
      shape: birth.shape,
      bindings,
      services: {
        services: remoteServices(birth, thread, this.#line),
        folders: birth.folders,
        // The host knows what is called for whom and what was said, and ends what it does for the instance.
        beginCall: () => undefined,
        lastWords: () => undefined,
        end: () => undefined,
      },
      memory: MemoryMeter.from(birth.memory),
      turnstile,
    });
  }

  /** Calls the instance, and sends what came of it. An instance that dies of it has given its memory back by then. */
  async call(call: RemoteCall): Promise<void> {
    const outcome = await this.#outcomeOf(call);
    const { dead, fuelUsed } = this.#instance;
    if (dead) this[Symbol.dispose]();
    this.#options.send({ type: "answered", outcome, fuelUsed, dead });
  }

  /** Ends the call that runs now. If there is none, it has been answered meanwhile. */
  abort(): void {
    if (this.#called) this.#aborter.abort();
  }

  served(id: number, answer: ServiceAnswer): void {
    this.#line.served(id, answer);
  }

  [Symbol.dispose](): void {
    this.#instance[Symbol.dispose]();
  }

  async #outcomeOf({ deadlineMs, timeoutMs, cpuMs, args, ...called }: RemoteCall): Promise<Outcome> {
    const { signal } = this.#aborter;
    const limits = { deadline: deadlineMs - clockOffsetMs, timeoutMs, cpuMs, signal };
    this.#called = true;
    try {
      const target = callTarget(called.interface, called.function);
      return { result: compact(await this.#instance.call(target, args, limits)) };
    } catch (error) {
      if (!HostError.is(error)) throw error;
      return { failure: toWire(error) };
    } finally {
      this.#called = false;
    }
  }
}
