import { HostError } from "../core/error.ts";
import type { PluginSettings } from "../config/settings.ts";
import { checkDependencyVersion } from "../config/version-range.ts";
import { Plugin, type PluginContext } from "./plugin.ts";

/** All plugins of a host, by name, in the order in which they were loaded. */
export class Registry {
  readonly #plugins = new Map<string, Plugin>();
  readonly #context: Omit<PluginContext, "dependentsOf" | "verifyDependencies">;

  constructor(context: Omit<PluginContext, "dependentsOf" | "verifyDependencies">) {
    this.#context = context;
  }

  get names(): string[] {
    return [...this.#plugins.keys()];
  }

  [Symbol.iterator](): IterableIterator<Plugin> {
    return this.#plugins.values();
  }

  /** The plugin of a name, or nothing. */
  find(name: string): Plugin | undefined {
    return this.#plugins.get(name);
  }

  /** @throws HostError PLUGIN_UNKNOWN */
  get(name: string): Plugin {
    const plugin = this.#plugins.get(name);
    if (!plugin) throw new HostError("PLUGIN_UNKNOWN", { plugin: name, known: this.names });
    return plugin;
  }

  /** The plugin that these settings name, which is made if there is none. */
  register(settings: PluginSettings): Plugin {
    const known = this.#plugins.get(settings.name);
    if (known) return known;
    const plugin = new Plugin(settings, {
      ...this.#context,
      dependentsOf: (name) => this.#dependentsOf(name),
      verifyDependencies: (changed) => this.#verifyDependencies(changed),
    });
    this.#plugins.set(settings.name, plugin);
    return plugin;
  }

  /**
   * @throws HostError PLUGIN_NEEDED when others that serve cannot do without it
   */
  verifyNotNeeded(name: string): void {
    const dependents = [...this.#plugins.values()].filter(
      ({ state, settings }) =>
        state === "serving" &&
        settings.dependencies.some((needed) => needed.name === name && !needed.optional),
    );
    if (dependents.length === 0) return;
    throw new HostError("PLUGIN_NEEDED", { plugin: name, dependents: dependents.map((other) => other.name) });
  }

  /** Stops a plugin, and forgets it. */
  async end(plugin: Plugin): Promise<void> {
    await plugin.stop(() => {
      // Somebody else may have ended it meanwhile, and the name be another's.
      if (this.#plugins.get(plugin.name) === plugin) this.#plugins.delete(plugin.name);
    });
  }

  /**
   * Stops every plugin, the last one loaded first. One that fails, or takes until its time limit, which is its own,
   * keeps no other from being stopped.
   */
  async stopAll(): Promise<void> {
    for (const plugin of [...this.#plugins.values()].toReversed()) await plugin.stop();
  }

  #verifyDependencies({ name, dependencies }: PluginSettings): void {
    for (const { name: dependency, range, optional } of dependencies) {
      const needed = this.#plugins.get(dependency);
      const version = needed?.serving?.info.version;
      if (optional && version === undefined) continue;
      const state = needed?.state ?? "not there";
      if (version === undefined)
        throw new HostError("DEPENDENCY_NOT_SERVING", { plugin: name, dependency, state });
      if (range !== undefined && !checkDependencyVersion(range, version)) {
        throw new HostError("DEPENDENCY_VERSION", { plugin: name, dependency, range, found: version });
      }
    }
  }

  #dependentsOf(name: string): string[] {
    return [...this.#plugins.values()]
      .filter(
        (other) =>
          other.state !== "stopped" &&
          other.state !== "disabled" &&
          other.settings.dependencies.some((needed) => needed.name === name),
      )
      .map((other) => other.name);
  }
}
