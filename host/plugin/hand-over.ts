import { callTarget } from "../engine/call-target.ts";
import type { Generation } from "./generation.ts";

const SAVE = callTarget("state", "save");
const RESTORE = callTarget("state", "restore");

/** Hands the state of one generation to the next. Calls that come meanwhile wait for whoever serves afterwards. */
export class HandOver {
  #underWay: Promise<void> | undefined;

  /** Resolves when it is over; nothing if no state is handed over now. */
  get underWay(): Promise<void> | undefined {
    return this.#underWay;
  }

  /** Whether there is anything to hand over between the two. */
  static concerns(old: Generation, next: Generation): boolean {
    return [old, next].every(({ component }) => component.shape.exports.includes("state"));
  }

  /**
   * The calls that were accepted end first, so that nothing they do is lost. With several instances, the state is
   * that of one of them: which one, nobody can say.
   *
   * @param serve Moves the pointer, before those that wait go on.
   * @throws HostError when the state cannot be saved or restored
   */
  async run(old: Generation, next: Generation, serve: () => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#underWay = promise;
    try {
      await old.drained();
      // What died took its state with it, and must not keep a better build from taking its place.
      if (old.traffic.instances > 0) {
        const saved = await old.call(SAVE, []);
        await next.call(RESTORE, [saved, old.info.version]);
      }
      serve();
    } finally {
      this.#underWay = undefined;
      resolve();
    }
  }
}
