import { parseSettings } from "../../host/config/parse-settings.ts";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import type { Settings } from "../../host/config/settings.ts";
import { usualPlacement } from "./placement.ts";

/** Complete settings with these plugins. */
export function settingsFor(plugins: Readonly<Record<string, PluginSettingsInput>>): Promise<Settings> {
  const placed = Object.entries(plugins).map(
    ([name, plugin]) => [name, { placement: usualPlacement(), ...plugin }] as const,
  );
  return parseSettings({ plugins: Object.fromEntries(placed) });
}
