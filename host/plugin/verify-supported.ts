import { HostError } from "../core/error.ts";
import type { PluginSettings } from "../config/settings.ts";

/**
 * Refuses settings that this host understands and cannot keep yet: a promise that nobody keeps is worse than
 * none.
 *
 * @throws HostError SETTING_UNSUPPORTED
 */
export function verifySupported({ name: plugin, trust }: PluginSettings): void {
  if (trust !== undefined && trust !== "off") {
    throw new HostError("SETTING_UNSUPPORTED", { plugin, setting: "trust", value: trust, use: "off" });
  }
}
