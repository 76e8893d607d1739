import type { HostError } from "../core/error.ts";

/** A call of a plugin that has ended. */
export interface EndedCall {
  readonly plugin: string;
  /** `http-plugin.handle-request` */
  readonly function: string;
  /** From when it was accepted, waiting included. */
  readonly durationMs: number;
  /** What it cost, the making of its instance not included. */
  readonly fuel: number;
  /** Why it did not succeed. */
  readonly error: HostError | undefined;
}

/** Takes each call as it ends. What it throws, the call throws. */
export type CallObserver = (call: EndedCall) => void;

/** Who wants to know of calls. */
export class CallObservers {
  readonly #observers = new Set<CallObserver>();

  /** Whether there is anybody: if not, nothing need be measured. */
  get any(): boolean {
    return this.#observers.size > 0;
  }

  /** @returns What ends it. */
  add(observer: CallObserver): Disposable {
    this.#observers.add(observer);
    return { [Symbol.dispose]: () => void this.#observers.delete(observer) };
  }

  tell(call: EndedCall): void {
    for (const observer of this.#observers) observer(call);
  }
}
