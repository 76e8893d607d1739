import { isDeepStrictEqual } from "node:util";
import { HostError } from "../core/error.ts";
import { resolveLoadOrder } from "../config/resolve-load-order.ts";
import type { PluginSettings, Settings } from "../config/settings.ts";
import type { Foundation } from "./foundation.ts";
import type { Registry } from "./registry.ts";
import { retake } from "./retake.ts";
import { startInOrder } from "./start.ts";

/** What whoever made the host has taken from them, and cannot be changed under it. */
const FIXED = ["log"] as const;

/** What settings are applied to. */
interface Applied {
  readonly registry: Registry;
  readonly foundation: Foundation;
  /** Has the settings hold, once it is known that they can. */
  readonly hold: () => void;
}

/**
 * Brings the plugins to new settings: those that are gone or disabled are ended, those that are new are
 * started, those are swapped whose settings are others, or what they stand on. What is as it was is left alone. A
 * plugin that cannot be swapped goes on as it was, which is told as an event.
 *
 * @throws HostError SETTINGS_FIXED, DEPENDENCY_UNAVAILABLE, DEPENDENCY_CYCLE, KEY_UNREADABLE, CACHE_UNSAFE, DATABASE_SETTING; nothing
 * has changed then
 */
export async function applySettings(
  before: Pick<Settings, "plugins"> & Partial<Settings>,
  after: Settings,
  { registry, foundation, hold }: Applied,
): Promise<void> {
  const fixed = FIXED.filter((key) => key in before && !isDeepStrictEqual(before[key], after[key]));
  if (fixed.length > 0) throw new HostError("SETTINGS_FIXED", { keys: fixed });
  const wanted = Object.values(after.plugins).map((plugin) => asSteered(plugin, before, registry));
  resolveLoadOrder(Object.fromEntries(wanted.map((plugin) => [plugin.name, plugin])));
  const use = await foundation.prepare(after);
  use();
  // Before any plugin is made by them: its log must not show what only they say is a secret.
  hold();
  const kept = new Set(wanted.filter(({ enabled }) => enabled).map(({ name }) => name));
  for (const name of registry.names.toReversed()) {
    const plugin = registry.find(name);
    if (plugin && Object.hasOwn(before.plugins, name) && !kept.has(name)) await registry.end(plugin);
  }
  await startInOrder(wanted, registry);
  // What nobody listed is held against what it stands on now, too; what is refused goes on, and says why.
  const unlisted = [...registry].filter(({ name }) => !Object.hasOwn(after.plugins, name));
  await retake(unlisted, registry);
}

/** What somebody enabled although the settings disable it stays so until they say something else than they did. */
function asSteered(
  plugin: PluginSettings,
  { plugins }: Pick<Settings, "plugins">,
  registry: Registry,
): PluginSettings {
  const { name, enabled } = plugin;
  const wasDisabled = plugins[name]?.enabled === false;
  const isSteered = !enabled && wasDisabled && registry.find(name) !== undefined;
  return isSteered ? { ...plugin, enabled: true } : plugin;
}
