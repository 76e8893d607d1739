import { parseSettings } from "../../host/config/parse-settings.ts";
import type { HostSettingsInput, PluginSettingsInput } from "../../host/config/settings-schema.ts";
import type { Settings } from "../../host/config/settings.ts";
import { usualPlacement } from "./placement.ts";

/** Complete settings with these plugins and, if any, with these of the host's own. */
export function settingsFor(
  plugins: Readonly<Record<string, PluginSettingsInput>>,
  host: Omit<HostSettingsInput, "plugins"> = {},
): Promise<Settings> {
  const placed = Object.entries(plugins).map(
    ([name, plugin]) => [name, { placement: usualPlacement(), ...plugin }] as const,
  );
  return parseSettings({ ...host, plugins: Object.fromEntries(placed) });
}
