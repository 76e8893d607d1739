import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { watch, type FSWatcher } from "chokidar";
import { sidecarsOf } from "../security/trust/find-signers.ts";

/** What the watcher looks at. */
export interface WatchTargets {
  /** In which every `*.wasm` is a plugin. */
  readonly folders: readonly string[];
  /** Files of plugins that stand elsewhere. */
  readonly files: readonly string[];
}

/** How often files are looked at although nothing was reported: some file systems report nothing. */
const PATROL_MS = 2_000;

/** What tells one state of a file from the next without reading it. */
type FileState = string;

/**
 * Tells when the file of a plugin is new, different or gone.
 *
 * An event is a hint and nothing more: whatever is reported, all files are looked at, and their own state
 * decides. So it does not matter which events a tool causes, in which order, or whether some get lost.
 * Folders are watched by way of their parents, since a watch ends with what it watches.
 */
export class PluginWatcher implements AsyncDisposable {
  readonly #targets: WatchTargets;
  readonly #onChange: (file: string) => void;
  #seen = new Map<string, FileState>();
  #folders: string;
  #watcher: FSWatcher | undefined;
  #patrol: NodeJS.Timeout | undefined;
  #scan: Promise<void> | undefined;
  #again = false;
  #ended = false;

  private constructor(targets: WatchTargets, onChange: (file: string) => void) {
    this.#targets = targets;
    this.#onChange = onChange;
    this.#folders = "";
  }

  /**
   * @param onChange Called for each file whose state is another than when it was last looked at.
   * @returns When every change from now on will be told.
   */
  static async start(targets: WatchTargets, onChange: (file: string) => void): Promise<PluginWatcher> {
    const watcher = new PluginWatcher(targets, onChange);
    watcher.#seen = await watcher.#look();
    await watcher.#watch();
    watcher.#patrol = setInterval(() => watcher.check(), PATROL_MS);
    watcher.#patrol.unref();
    return watcher;
  }

  /** Looks at all files, now or as soon as the look that is under way is over. */
  check(): void {
    if (this.#ended) return;
    if (this.#scan) {
      this.#again = true;
      return;
    }
    this.#scan = this.#compare().finally(() => {
      this.#scan = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.check();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    clearInterval(this.#patrol);
    // The look that is under way may begin to watch anew.
    await this.#scan;
    await this.#watcher?.close();
  }

  async #watch(): Promise<void> {
    this.#folders = await this.#realFolders();
    const { folders, files } = this.#targets;
    const inside = new Set([...folders, ...files.map((file) => dirname(file))]);
    const parents = new Set([...inside].map((folder) => dirname(folder)));
    const matters = (path: string) => parents.has(path) || inside.has(path) || inside.has(dirname(path));
    const watcher = watch([...parents], { ignoreInitial: true, depth: 1, ignored: (path) => !matters(path) });
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    watcher
      .on("all", () => this.check())
      .on("error", () => this.check())
      .once("ready", resolve);
    const before = this.#watcher;
    this.#watcher = watcher;
    await before?.close();
    await ready;
  }

  async #compare(): Promise<void> {
    const before = this.#seen;
    this.#seen = await this.#look();
    for (const [file, state] of this.#seen) {
      if (before.get(file) !== state) this.#onChange(file);
    }
    for (const file of before.keys()) {
      if (!this.#seen.has(file)) this.#onChange(file);
    }
    // A folder that is a link may point elsewhere now.
    if (this.#patrol && (await this.#realFolders()) !== this.#folders) await this.#watch();
  }

  async #look(): Promise<Map<string, FileState>> {
    const { folders, files } = this.#targets;
    const found = [files, ...(await Promise.all(folders.map(pluginFilesIn)))];
    const states = await Promise.all(found.flat().map(async (file) => [file, await stateOf(file)] as const));
    return new Map(states.filter((entry): entry is [string, FileState] => entry[1] !== undefined));
  }

  async #realFolders(): Promise<string> {
    const { folders, files } = this.#targets;
    const all = [...folders, ...files.map((file) => dirname(file))];
    return (await Promise.all(all.map((folder) => realpath(folder).catch(() => "")))).join("\n");
  }
}

/** The files in a folder that are plugins, none if there is no such folder. */
export async function pluginFilesIn(folder: string): Promise<string[]> {
  const names = await unlessMissing(readdir(folder));
  return (names ?? [])
    .filter((name) => name.endsWith(".wasm") && !name.startsWith("."))
    .map((name) => join(folder, name));
}

/** The signatures beside a file are part of its state: one that comes after it may make it trusted. */
async function stateOf(file: string): Promise<FileState | undefined> {
  const [own, ...sidecars] = await Promise.all([file, ...sidecarsOf(file)].map(stateOfOne));
  return own === undefined ? undefined : [own, ...sidecars].join();
}

async function stateOfOne(file: string): Promise<FileState | undefined> {
  const state = await unlessMissing(stat(file, { bigint: true }));
  return state?.isFile()
    ? [state.dev, state.ino, state.size, state.mtimeNs, state.ctimeNs].join(":")
    : undefined;
}

/** What cannot be looked at counts as missing here; whoever reads it says why. */
async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
