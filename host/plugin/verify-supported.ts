import { HostError } from "../core/error.ts";
import type { PluginSettings } from "../config/settings.ts";

/**
 * Refuses settings that this host understands and cannot keep yet: a promise that nobody keeps is worse than
 * none.
 *
 * @throws HostError SETTING_UNSUPPORTED
 */
export function verifySupported({ name: plugin, permissions }: PluginSettings): void {
  // Folders are where backups are written to: nothing here reads files for a plugin.
  const { access } = permissions.filesystem.find((grant) => grant.access === "read") ?? {};
  if (access === undefined) return;
  const setting = "permissions.filesystem[].access";
  throw new HostError("SETTING_UNSUPPORTED", { plugin, setting, value: access, use: "write" });
}
