import { basename, dirname } from "node:path";
import { defaultPluginSettings } from "../config/default-plugin-settings.ts";
import type { PluginSettings } from "../config/settings.ts";

/** The settings of a plugin that nobody wrote any for: named after its file, granted nothing. */
export function defaultSettings(file: string): PluginSettings {
  return defaultPluginSettings({ folder: dirname(file) }, pluginNameOf(file));
}

/** The name of a plugin that settings do not name: that of its file. */
export function pluginNameOf(file: string): string {
  return basename(file, ".wasm");
}
