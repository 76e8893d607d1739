import type { Clock } from "../../core/clock.ts";

/** Gives the turn to the next who waits. Calling it again does nothing. */
export type EndTurn = () => void;

interface TurnLimits {
  /** How many may have their turn at once. */
  readonly turns: number;
  /** How many of them may be of one party. */
  readonly perParty: number;
}

/**
 * Lets so many at a time have their turn. Those who wait stand in one line for each party, and the lines are served
 * in rotation: a party with a hundred waiting delays another by one turn, not by a hundred.
 */
export class TurnQueue {
  readonly #clock: Clock;
  readonly #limits: TurnLimits;
  /** The party to be served next comes first. */
  readonly #lines = new Map<string, Array<() => void>>();
  /** How many turns each party has now. */
  readonly #taken = new Map<string, number>();

  constructor(clock: Clock, limits: TurnLimits = { turns: 1, perParty: 1 }) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Waits for a turn, `waitMs` at most: after that, `undefined`. */
  take(party: string, waitMs: number): Promise<EndTurn | undefined> {
    if (this.#mayBegin(party)) return Promise.resolve(this.#turn(party));
    return new Promise((resolve) => {
      const cancel = this.#clock.after(waitMs, () => {
        this.#leave(party, begin);
        resolve(undefined);
      });
      const begin = (): void => {
        cancel();
        resolve(this.#turn(party));
      };
      const line = this.#lines.get(party);
      if (line) line.push(begin);
      else this.#lines.set(party, [begin]);
    });
  }

  #mayBegin(party: string): boolean {
    const all = this.#taken.values().reduce((sum, taken) => sum + taken, 0);
    return all < this.#limits.turns && (this.#taken.get(party) ?? 0) < this.#limits.perParty;
  }

  #turn(party: string): EndTurn {
    let ended = false;
    this.#taken.set(party, (this.#taken.get(party) ?? 0) + 1);
    return () => {
      if (ended) return;
      ended = true;
      const left = (this.#taken.get(party) ?? 1) - 1;
      if (left > 0) this.#taken.set(party, left);
      else this.#taken.delete(party);
      this.#next();
    };
  }

  #next(): void {
    const next = this.#lines.entries().find(([party]) => this.#mayBegin(party));
    if (next === undefined) return;
    const [party, line] = next;
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
