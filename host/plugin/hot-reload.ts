import type { Clock } from "../core/clock.ts";
import { HostError } from "../core/error.ts";
import { decodeComponent } from "../wasm/component-outline.ts";
import { kindOf } from "../wasm/kind.ts";
import { decodeModule } from "../wasm/module-outline.ts";
import { readPluginFile } from "./read-plugin-file.ts";
import { PluginWatcher, type WatchTargets } from "./watcher.ts";

/** What happens to plugins whose files change. */
export interface ReloadActions {
  /** A file holds something new. Whether it is any good is not known. Does not throw. */
  changed(file: string): Promise<void>;
  /** A file is gone, and did not come back. Does not throw. */
  gone(file: string): Promise<void>;
}

/** How long a file that is no whole component may take to become one, before it counts as broken. */
const SETTLE_MS = 200;

/** How long a file may be gone before it counts as removed: tools delete a file to write it anew. */
const GRACE_MS = 1_000;

/**
 * Follows the files of plugins. Changes of one file are taken one after the other, and only the newest state
 * counts: what was written and overwritten meanwhile is never seen.
 */
export class HotReload implements AsyncDisposable {
  readonly #actions: ReloadActions;
  readonly #clock: Clock;
  readonly #following = new Map<string, Promise<void>>();
  readonly #changedAgain = new Set<string>();
  readonly #stopped = new AbortController();
  #watcher: PluginWatcher | undefined;

  private constructor(actions: ReloadActions, clock: Clock) {
    this.#actions = actions;
    this.#clock = clock;
  }

  /** @returns When every change from now on will be followed. */
  static async start(targets: WatchTargets, actions: ReloadActions, clock: Clock): Promise<HotReload> {
    const reload = new HotReload(actions, clock);
    reload.#watcher = await PluginWatcher.start(targets, (file) => reload.#follow(file));
    return reload;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#watcher?.[Symbol.asyncDispose]();
    await Promise.all(this.#following.values());
  }

  #follow(file: string): void {
    if (this.#following.has(file)) this.#changedAgain.add(file);
    else
      this.#following.set(
        file,
        this.#followUntilStill(file).finally(() => this.#following.delete(file)),
      );
  }

  async #followUntilStill(file: string): Promise<void> {
    do {
      this.#changedAgain.delete(file);
      await this.#takeNewest(file);
    } while (this.#changedAgain.has(file) && !this.#stopped.signal.aborted);
  }

  async #takeNewest(file: string): Promise<void> {
    let bytes = await contentsOf(file);
    if (!bytes) {
      await this.#pause(GRACE_MS);
      bytes = await contentsOf(file);
    }
    while (bytes && !isWhole(bytes, file)) {
      await this.#pause(SETTLE_MS);
      const later = await contentsOf(file);
      if (!later || Buffer.compare(later, bytes) === 0) break;
      bytes = later;
    }
    if (this.#stopped.signal.aborted) return;
    await (bytes ? this.#actions.changed(file) : this.#actions.gone(file));
  }

  /** Is over at once when it is stopped. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopped;
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const over = () => resolve();
    const cancel = this.#clock.after(ms, over);
    signal.addEventListener("abort", over);
    await promise;
    cancel();
    signal.removeEventListener("abort", over);
  }
}

/**
 * What is in a file; nothing if it is gone. One that is there and cannot be read is like an empty one: whoever
 * takes it will say why.
 */
async function contentsOf(file: string): Promise<Buffer | undefined> {
  try {
    return await readPluginFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : Buffer.alloc(0);
  }
}

/** Whether the bytes are WebAssembly from beginning to end; while it is being written they are not. */
function isWhole(bytes: Uint8Array, file: string): boolean {
  try {
    if (kindOf(bytes, file) === "component") decodeComponent(bytes, file);
    else decodeModule(bytes, file);
    return true;
  } catch (error) {
    if (HostError.is(error)) return false;
    throw error;
  }
}
