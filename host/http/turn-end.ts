/**
 * Where answers wait until everything that came in the same turn of the event loop has been looked at. They are then
 * sent one right after the other: what answers requests and what sends answers would otherwise push each other out
 * of the processor's caches with every request.
 */
export class TurnEnd {
  #reached: Promise<void> | undefined;

  /** Resolves when the turn of the event loop ends. */
  get reached(): Promise<void> {
    this.#reached ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#reached = undefined;
        resolve();
      });
    });
    return this.#reached;
  }
}
