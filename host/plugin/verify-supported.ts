import { HostError } from "../core/error.ts";
import type { PluginShape } from "../component/shape.ts";
import type { PluginSettings } from "../config/settings.ts";

/**
 * Refuses settings that this host understands and cannot keep yet: a promise that nobody keeps is worse than
 * none.
 *
 * @throws HostError SETTING_UNSUPPORTED
 */
export function verifySupported(settings: PluginSettings, { handler }: Pick<PluginShape, "handler">): void {
  const { name: plugin, placement, permissions, config } = settings;
  if (handler !== undefined && Object.keys(config).length > 0) {
    // A standard HTTP component has no function that takes it.
    const value = Object.keys(config).join(", ");
    throw new HostError("SETTING_UNSUPPORTED", { plugin, setting: "config", value, use: "{}" });
  }
  if (handler !== undefined && placement === "worker") {
    // Its streams do not cross threads.
    const details = { plugin, setting: "placement", value: placement, use: "inline" };
    throw new HostError("SETTING_UNSUPPORTED", details);
  }
  // Folders are where backups are written to: nothing here reads files for a plugin.
  const { access } = permissions.filesystem.find((grant) => grant.access === "read") ?? {};
  if (access === undefined) return;
  const setting = "permissions.filesystem[].access";
  throw new HostError("SETTING_UNSUPPORTED", { plugin, setting, value: access, use: "write" });
}
