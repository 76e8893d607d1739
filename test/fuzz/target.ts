import type { Random } from "../unit/wasm/random.ts";

/** Something that reads bytes of others, and what they are mutated from. */
export interface FuzzTarget {
  readonly name: string;
  open(): Promise<OpenTarget>;
}

export interface OpenTarget extends Partial<AsyncDisposable> {
  /**
   * Makes one input and has it read.
   *
   * @returns How that ended, in few words: they are counted.
   * @throws anything, when it ended in a way in which it must not
   */
  attempt(random: Random): string | Promise<string>;
  /** The input of the last attempt, to be kept if something was found. */
  readonly lastInput: () => Uint8Array;
}
