import { parseSettings } from "../../host/config/parse-settings.ts";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import type { Settings } from "../../host/config/settings.ts";

/** Complete settings with these plugins. */
export function settingsFor(plugins: Readonly<Record<string, PluginSettingsInput>>): Promise<Settings> {
  return parseSettings({ plugins });
}
