import { parseSettings } from "../config/parse-settings.ts";
import type { PluginSettings } from "../config/settings.ts";
import { pluginNameOf } from "./watcher.ts";

/** The settings of a plugin that nobody wrote any for: named after its file, granted nothing. */
export async function defaultSettings(file: string): Promise<PluginSettings> {
  const name = pluginNameOf(file);
  const { plugins } = await parseSettings({ plugins: { [name]: { path: file } } });
  const settings = plugins[name];
  if (!settings) throw new Error(`The settings of ${name} were lost.`);
  return settings;
}
