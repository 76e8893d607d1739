import { dirname, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../core/clock.ts";
import { HostError } from "../core/error.ts";
import type { Scope } from "../core/scope.ts";
import type { PluginSettings, Settings, TrustSettings } from "../config/settings.ts";
import type { TakeOptions } from "./admit-build.ts";
import { applySettings } from "./apply-settings.ts";
import { defaultSettings } from "./default-settings.ts";
import type { EventBus, HostEvent } from "./events.ts";
import type { CallObserver, CallObservers } from "./call-observers.ts";
import type { Foundation } from "./foundation.ts";
import { HotReload } from "./hot-reload.ts";
import { allListed, isSettled, listedAt } from "./listed.ts";
import type { Plugin } from "./plugin.ts";
import { createHandle, type PluginHandle } from "./plugin-handle.ts";
import type { Current } from "./provide-services.ts";
import type { Registry } from "./registry.ts";
import { reloadActions } from "./reload-actions.ts";
import { startInOrder, startWaiting } from "./start.ts";
import { type PluginStatus, statusOf } from "./status.ts";
import { retake } from "./retake.ts";
import { pluginFilesIn, PluginWatcher } from "./watcher.ts";

/** What the parts of a host share. */
export interface HostParts {
  /** Those that hold now. */
  readonly settings: Current;
  /** In place of that of the settings. */
  readonly folder: string | null | undefined;
  readonly clock: Clock;
  readonly events: EventBus;
  readonly observers: CallObservers;
  readonly registry: Registry;
  readonly foundation: Foundation;
  readonly scope: Scope;
}

/** Plugins that are loaded, called, swapped and ended. `createHost` makes one. */
export class Host implements AsyncDisposable {
  readonly #parts: HostParts;
  readonly #handles = new WeakMap<Plugin, PluginHandle>();
  #reload: HotReload | undefined;
  #trustWatcher: PluginWatcher | undefined;
  #lastChange: Promise<void> = Promise.resolve();

  /** Use `createHost`. */
  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  /** @throws HostError PLUGIN_UNKNOWN */
  plugin(name: string): PluginHandle {
    return this.#handleOf(this.#parts.registry.get(name));
  }

  /** How every plugin does, in the order in which they were loaded. */
  plugins(): PluginStatus[] {
    return Array.from(this.#parts.registry, statusOf);
  }

  /** Everything that happens to plugins from now on. */
  events(): AsyncIterableIterator<HostEvent> & AsyncDisposable {
    return this.#parts.events.read();
  }

  /**
   * Tells `observer` of every call of a plugin that ends from now on, also those that plugins make of each other.
   *
   * @returns What ends it.
   */
  onCall(observer: CallObserver): Disposable {
    return this.#parts.observers.add(observer);
  }

  /**
   * Loads the plugin in a file, or swaps it if it is loaded already.
   *
   * @param settings From parsed settings. By default the plugin is named after its file, and is granted nothing.
   * @throws HostError PLUGIN_NAME_TAKEN when the plugin of another file has that name, and no settings are given
   * @throws HostError FILE_UNREADABLE, or with the reason why the plugin was not taken
   */
  async load(
    file: string,
    settings?: PluginSettings,
    options?: Pick<TakeOptions, "older">,
  ): Promise<PluginHandle> {
    if (this.#parts.scope.closed) throw new HostError("HOST_CLOSED", { file });
    const path = resolve(file);
    const complete = settings ?? listedAt(path, this.#parts.settings) ?? defaultSettings(path);
    const holder = this.#parts.registry.find(complete.name)?.settings.path;
    if (!settings && holder !== undefined && holder !== path) {
      throw new HostError("PLUGIN_NAME_TAKEN", { file, plugin: complete.name, holder });
    }
    const plugin = this.#parts.registry.register(complete);
    await plugin.take(complete, { ...options, cause: "reload" });
    await startWaiting(this.#parts.registry);
    return this.#handleOf(plugin);
  }

  /**
   * Reads a plugin's file again, and swaps the plugin if the file is another one. What a rollback passes over is
   * taken, too.
   *
   * @returns Whether it is.
   * @throws HostError PLUGIN_UNKNOWN, PLUGIN_NOT_SERVING, FILE_UNREADABLE, or with the reason why it was not taken
   */
  async reload(name: string, options?: Pick<TakeOptions, "older">): Promise<boolean> {
    const { registry } = this.#parts;
    const taken = await registry.get(name).take(undefined, { ...options, cause: "reload" });
    await startWaiting(registry);
    return taken;
  }

  /**
   * Brings back a build that a plugin has served before, as any build is swapped; one that has failed is started with
   * it. What its file holds is not taken again until it changes, or `reload` asks for it. `history` in the settings
   * says how many builds are kept, in the cache folder, or in memory where there is none. A second rollback returns to
   * the first.
   *
   * @param to The version of a build, or the beginning of its hash (four digits or more): see `PluginStatus.earlier`.
   * By default the one that served last.
   * @throws HostError PLUGIN_UNKNOWN, PLUGIN_NOT_SERVING while it is disabled, BUILD_DAMAGED
   * @throws HostError ROLLBACK_IMPOSSIBLE, ROLLBACK_UNKNOWN when there is no such build, or with the reason why it was not taken
   */
  async rollback(name: string, to?: string): Promise<void> {
    await this.#parts.registry.get(name).rollback(to);
    await startWaiting(this.#parts.registry);
  }

  /**
   * Ends a plugin once its calls have ended. It stays in the list, and does not serve until it is enabled, or the
   * host is started anew: whatever becomes of its file and its settings.
   *
   * @throws HostError PLUGIN_UNKNOWN, PLUGIN_NEEDED when others that serve cannot do without it
   */
  async disable(name: string): Promise<void> {
    const { registry } = this.#parts;
    const plugin = registry.get(name);
    registry.verifyNotNeeded(name);
    await plugin.disable();
  }

  /**
   * Starts a plugin that is disabled, also one that the settings disable, and those that could not start without it.
   * Settings that are applied later leave it so, unless they say another `enabled` than those before.
   *
   * @returns Whether it was disabled.
   * @throws HostError PLUGIN_UNKNOWN, or with the reason why it does not start
   */
  async enable(name: string): Promise<boolean> {
    const { registry, settings } = this.#parts;
    const listed = settings.value?.plugins[name];
    const isOff = listed?.enabled === false && registry.find(name) === undefined;
    const enabled = isOff
      ? await registry.register(listed).take({ ...listed, enabled: true })
      : await registry.get(name).enable();
    await startWaiting(registry);
    return enabled;
  }

  /**
   * Brings the plugins to other settings: swaps those whose settings have changed, or what these settings say of
   * databases, mail, the cache or threads that they use; starts those that are new, ends those that are gone, and
   * leaves the rest alone. What could not be swapped is told as an event. What was said when the host was made
   * (`folder`, `cacheDir`) holds; what servers of its plugins are told, they are told by `HttpServer.use`.
   *
   * @throws HostError DEPENDENCY_UNAVAILABLE, DEPENDENCY_CYCLE, KEY_UNREADABLE, CACHE_UNSAFE, DATABASE_SETTING: nothing
   * has changed then
   */
  apply(settings: Settings): Promise<void> {
    return this.#inTurn(() => this.#apply(settings));
  }

  async #apply(settings: Settings): Promise<void> {
    const { settings: current, registry, foundation, scope } = this.#parts;
    if (scope.closed) throw new HostError("HOST_CLOSED", { file: settings.file ?? "the settings" });
    const before = current.value;
    const folder = this.#folder;
    const hold = () => (current.value = settings);
    await applySettings(before ?? { plugins: {} }, settings, { registry, foundation, hold });
    const moved = folder !== this.#folder;
    if (moved && folder !== undefined) await this.#endUnlisted(folder);
    const isFollowed = !moved && isDeepStrictEqual(before && watchedIn(before), watchedIn(settings));
    if (this.#reload && !isFollowed) await this.#watch();
    // What changed before the new files were watched was not seen.
    if (moved) await this.#startAll();
    else if (this.#reload && !isFollowed) await startInOrder(Object.values(settings.plugins), registry);
  }

  /**
   * Ends a plugin once its calls have ended, and forgets it.
   *
   * @throws HostError PLUGIN_UNKNOWN, PLUGIN_NEEDED when others that serve cannot do without it
   */
  async unload(name: string): Promise<void> {
    const { registry } = this.#parts;
    const plugin = registry.get(name);
    registry.verifyNotNeeded(name);
    await registry.end(plugin);
  }

  /** Ends everything: plugins in the reverse of the order in which they were loaded, then what they used. */
  shutdown(): Promise<void> {
    return this.#parts.scope.close();
  }

  /** As `shutdown`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /** Starts the plugins of the settings and the folder. @internal Called by `createHost`. */
  async start(watch: boolean): Promise<void> {
    this.#parts.scope.defer(async () => {
      // First, since it may begin to watch other files.
      await this.#lastChange;
      await this.#reload?.[Symbol.asyncDispose]();
      await this.#trustWatcher?.[Symbol.asyncDispose]();
    });
    if (watch) await this.#watch();
    await this.#startAll();
  }

  /** Where plugins are that nobody listed. */
  get #folder(): string | undefined {
    const { folder, settings } = this.#parts;
    const holding = folder === undefined ? settings.value?.folder : folder;
    return holding === undefined || holding === null ? undefined : resolve(holding);
  }

  async #startAll(): Promise<void> {
    const { registry, settings } = this.#parts;
    const folder = this.#folder;
    const folders = folder === undefined ? [] : [folder];
    const found = (await Promise.all(folders.map(pluginFilesIn))).flat();
    const unlisted = found.filter((file) => !isSettled(file, settings)).map(defaultSettings);
    await startInOrder([...allListed(settings), ...unlisted], registry);
  }

  /** Follows the files of the settings that hold now, and no others. */
  async #watch(): Promise<void> {
    const { clock, registry, settings } = this.#parts;
    const folder = this.#folder;
    const folders = folder === undefined ? [] : [folder];
    const targets = { folders, files: allListed(settings).map(({ path }) => path) };
    const before = [this.#reload, this.#trustWatcher];
    this.#reload = await HotReload.start(targets, reloadActions(registry, settings), clock);
    const files = settings.value ? filesOfTrust(settings.value.trust) : [];
    const changed = () => void this.#inTurn(() => this.#trustChanged());
    this.#trustWatcher =
      files.length === 0 ? undefined : await PluginWatcher.start({ folders: [], files }, changed);
    for (const watching of before) await watching?.[Symbol.asyncDispose]();
  }

  /** Keys, the lock file or what was revoked are others now. */
  async #trustChanged(): Promise<void> {
    const { settings, registry, foundation, scope, events } = this.#parts;
    if (scope.closed || !settings.value) return;
    try {
      (await foundation.trust.prepare(settings.value.trust))();
    } catch (error) {
      // Those from before hold, as with settings that are refused.
      if (!HostError.is(error)) throw error;
      for (const plugin of registry.names) events.emit({ type: "warned", plugin, error });
    }
    await retake(registry, registry);
  }

  /** Settings, and what decides over builds, change one after the other. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#lastChange.then(change);
    this.#lastChange = changed.catch(() => undefined);
    return changed;
  }

  async #endUnlisted(folder: string): Promise<void> {
    const { registry, settings } = this.#parts;
    const gone = [...registry].filter(
      ({ name, settings: { path } }) =>
        dirname(path) === folder && !Object.hasOwn(settings.value?.plugins ?? {}, name),
    );
    for (const plugin of gone.toReversed()) await registry.end(plugin);
  }

  #handleOf(plugin: Plugin): PluginHandle {
    const handle = this.#handles.get(plugin) ?? createHandle(plugin);
    this.#handles.set(plugin, handle);
    return handle;
  }
}

/** The files whose change may change what serves. */
function watchedIn({ plugins, trust }: Settings): string[][] {
  return [Object.values(plugins).map(({ path }) => path), filesOfTrust(trust)];
}

/** What decides over builds, and is not in the settings themselves. */
function filesOfTrust({ keys, lock, revoked }: TrustSettings): string[] {
  const files = [lock, revoked.file, ...Object.values(keys).map(({ file }) => file)];
  return files.filter((file) => file !== undefined);
}
