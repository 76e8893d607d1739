import { completePlugin } from "./complete-plugin.ts";
import { deepFreeze } from "./deep-freeze.ts";
import type { PluginSettings, Settings } from "./settings.ts";

/** The settings of a plugin that was found in the folder and that settings say nothing of. */
export function defaultPluginSettings({ folder }: Pick<Settings, "folder">, name: string): PluginSettings {
  const report = { problem: () => {}, isUnknown: () => false, suggest: () => "" };
  return deepFreeze(completePlugin(name, {}, { path: [], folder, toAbsolute: (path) => path, report }));
}
