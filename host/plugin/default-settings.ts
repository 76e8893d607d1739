import { basename, dirname } from "node:path";
import { defaultPluginSettings } from "../config/default-plugin-settings.ts";
import type { PluginSettings } from "../config/settings.ts";

/** The settings of a plugin that nobody wrote any for: named after its file, granted nothing. */
export function defaultSettings(file: string): PluginSettings {
  return defaultPluginSettings({ folder: dirname(file) }, basename(file, ".wasm"));
}
