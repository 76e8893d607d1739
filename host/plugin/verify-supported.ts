import { HostError } from "../core/error.ts";
import type { PluginShape } from "../component/shape.ts";
import type { PluginSettings } from "../config/settings.ts";

/**
 * Refuses settings that this host understands and cannot keep yet: a promise that nobody keeps is worse than
 * none.
 *
 * @throws HostError SETTING_UNSUPPORTED
 */
export function verifySupported(
  settings: PluginSettings,
  { handler, wasi }: Pick<PluginShape, "handler" | "wasi">,
): void {
  const { name: plugin, placement, config } = settings;
  const takesConfig = handler === undefined || wasi.includes("wasi:config/store");
  if (!takesConfig && Object.keys(config).length > 0) {
    // A standard HTTP component has no function that takes it.
    const value = Object.keys(config).join(", ");
    throw new HostError("SETTING_UNSUPPORTED", { plugin, setting: "config", value, use: "{}" });
  }
  if (handler !== undefined && placement === "worker") {
    // Its streams do not cross threads.
    const details = { plugin, setting: "placement", value: placement, use: "inline" };
    throw new HostError("SETTING_UNSUPPORTED", details);
  }
}
