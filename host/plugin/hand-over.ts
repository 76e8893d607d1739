import { chainedCall, isWithinCallOf } from "../engine/call-chain.ts";
import { callTarget } from "../engine/call-target.ts";
import type { CallLimits } from "../engine/guard.ts";
import { unlessOver } from "../engine/unless-over.ts";
import type { Generation } from "./generation.ts";

const SAVE = callTarget("state", "save");
const RESTORE = callTarget("state", "restore");

/** Hands the state of one generation to the next. Calls that come meanwhile wait for whoever serves afterwards. */
export class HandOver {
  readonly #plugin: string;
  #underWay: Promise<void> | undefined;

  constructor(plugin: string) {
    this.#plugin = plugin;
  }

  /** Whether state is being handed over. */
  get underWay(): boolean {
    return this.#underWay !== undefined;
  }

  /**
   * Resolves when no state is handed over. A call that is part of one which was accepted before does not wait: the
   * state is not handed over until that one has ended.
   *
   * @throws HostError PLUGIN_TIMEOUT, PLUGIN_ABORTED
   */
  async wait(limits: CallLimits): Promise<void> {
    if (!this.#underWay || isWithinCallOf(this.#plugin)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    void this.#underWay.then(resolve);
    await unlessOver(this.#plugin, chainedCall(this.#plugin, limits).limits, promise, true, reject);
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
