import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Waits to be told to end, and does not wait for a second time. */
export class EndSignal implements Disposable {
  /** Resolves with the first signal. */
  readonly received: Promise<NodeJS.Signals>;
  readonly #listener: (signal: NodeJS.Signals) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
    let first = true;
    this.received = promise;
    this.#listener = (signal) => {
      // As the shell has it: 128 and the signal's number.
      if (!first) process.exit(128 + constants.signals[signal]);
      first = false;
      resolve(signal);
    };
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }
}

/** Has `action` done whenever the process is told, by SIGHUP, to begin anew with its files. */
export function onHangUp(action: () => void): Disposable {
  process.on("SIGHUP", action);
  return { [Symbol.dispose]: () => void process.off("SIGHUP", action) };
}
