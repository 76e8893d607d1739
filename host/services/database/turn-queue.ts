import type { Clock } from "../../core/clock.ts";

/** Gives the turn to the next who waits. Calling it again does nothing. */
export type EndTurn = () => void;

/**
 * Lets one at a time have its turn. Those who wait stand in one line for each party, and the lines are served
 * in rotation: a party with a hundred waiting delays another by one turn, not by a hundred.
 */
export class TurnQueue {
  readonly #clock: Clock;
  /** The party to be served next comes first. */
  readonly #lines = new Map<string, Array<() => void>>();
  #taken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for a turn, `waitMs` at most: after that, `undefined`. */
  take(party: string, waitMs: number): Promise<EndTurn | undefined> {
    if (!this.#taken) {
      this.#taken = true;
      return Promise.resolve(this.#turn());
    }
    return new Promise((resolve) => {
      const cancel = this.#clock.after(waitMs, () => {
        this.#leave(party, begin);
        resolve(undefined);
      });
      const begin = (): void => {
        cancel();
        resolve(this.#turn());
      };
      const line = this.#lines.get(party);
      if (line) line.push(begin);
      else this.#lines.set(party, [begin]);
    });
  }

  #turn(): EndTurn {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#next();
    };
  }

  #next(): void {
    const first = this.#lines.entries().next().value;
    if (first === undefined) {
      this.#taken = false;
      return;
    }
    const [party, line] = first;
    this.#lines.delete(party);
    const begin = line.shift();
    if (line.length > 0) this.#lines.set(party, line);
    begin?.();
  }

  #leave(party: string, begin: () => void): void {
    const others = (this.#lines.get(party) ?? []).filter((waiting) => waiting !== begin);
    if (others.length > 0) this.#lines.set(party, others);
    else this.#lines.delete(party);
  }
}
