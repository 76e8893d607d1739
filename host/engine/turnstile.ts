/**
 * Where plugins that have run for a while wait for the event loop to turn. One of them goes on in each turn,
 * in the order in which they came, so that a turn is never longer than one slice, however many plugins spin.
 */
export class Turnstile {
  readonly #waiting: (() => void)[] = [];
  #scheduled = false;
  #loopTurn = 0;
  #loopTurnAsked = false;

  /** A number that is another one in every turn of the event loop in which it is asked for. */
  get loopTurn(): number {
    if (!this.#loopTurnAsked) {
      this.#loopTurnAsked = true;
      setImmediate(() => this.#turned());
    }
    return this.#loopTurn;
  }

  /** Resolves when it is the caller's turn. */
  turn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    this.#schedule();
    return promise;
  }

  #turned(): void {
    this.#loopTurnAsked = false;
    this.#loopTurn++;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#turned();
      this.#waiting.shift()?.();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }
}
