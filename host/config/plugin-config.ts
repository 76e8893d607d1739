import type { PluginSettings, Settings } from "./settings.ts";

/**
 * What TuskLang's `PluginConfig` answers, by its names:
 *
 * | there | here |
 * |---|---|
 * | `from_file` | `loadSettings` |
 * | `from_tusk_config` | `parseSettingsText` |
 * | `get_plugin_settings` | `getPluginSettings` |
 * | `is_plugin_enabled` | `isPluginEnabled` |
 * | `get_load_order` | `getLoadOrder` (and `resolveLoadOrder`, which respects dependencies) |
 *
 * Undefined if settings say nothing of the plugin.
 */
export function getPluginSettings(settings: Settings, name: string): PluginSettings | undefined {
  return Object.hasOwn(settings.plugins, name) ? settings.plugins[name] : undefined;
}

/** False also for a plugin that settings say nothing of. */
export function isPluginEnabled(settings: Settings, name: string): boolean {
  return getPluginSettings(settings, name)?.enabled ?? false;
}

/** The names of all plugins by `loadOrder`, then by name; dependencies are not looked at. */
export function getLoadOrder(settings: Settings): string[] {
  const plugins = Object.values(settings.plugins);
  return plugins
    .toSorted((a, b) => a.loadOrder - b.loadOrder || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}
