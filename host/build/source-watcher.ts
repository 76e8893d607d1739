import { join, relative, resolve, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { type Clock, systemClock } from "../core/clock.ts";

/** What stands in a plugin's folder and is no source: what is installed, what is built, and what editors leave. */
const NO_SOURCE = /(?:^|[/\\])(?:node_modules|build|target|test|\.[^/\\]*|[^/\\]*~)(?:[/\\]|$)/;

/** Editors write a file in several steps: what comes within this time is one change. */
const SETTLE_MS = 15;

/**
 * Tells when the sources of a plugin may have changed: something in its folder, or a file elsewhere that it was
 * built from. An event is a hint and nothing more; whether there is anything to build, the build finds out.
 */
export class SourceWatcher implements AsyncDisposable {
  readonly #folder: string;
  readonly #watcher: FSWatcher;
  #cancel: (() => void) | undefined;

  private constructor(folder: string, watcher: FSWatcher, onHint: () => void, clock: Clock) {
    this.#folder = folder;
    this.#watcher = watcher;
    const hint = () => {
      this.#cancel ??= clock.after(SETTLE_MS, () => {
        this.#cancel = undefined;
        onHint();
      });
    };
    watcher.on("all", hint).on("error", hint);
  }

  /** @returns When every change from now on will be told. */
  static async start(dir: string, onHint: () => void, clock: Clock = systemClock): Promise<SourceWatcher> {
    const folder = resolve(dir);
    const inside = folder + sep;
    const ignored = (path: string) => path.startsWith(inside) && NO_SOURCE.test(relative(folder, path));
    const watcher = watch(folder, { ignoreInitial: true, ignored });
    const sources = new SourceWatcher(folder, watcher, onHint, clock);
    const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
    watcher.once("ready", isReady);
    await ready;
    return sources;
  }

  /** Watches what a build read outside the plugin's folder, too. */
  follow(inputs: readonly string[]): void {
    this.#watcher.add(inputs.filter((input) => !input.startsWith(join(this.#folder, sep))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancel?.();
    await this.#watcher.close();
  }
}
