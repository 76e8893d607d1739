import { HostError } from "../core/error.ts";
import { quote } from "../core/error-codes.ts";
import type { PluginShape } from "../component/shape.ts";
import type { PluginSettings } from "../config/settings.ts";

/**
 * Refuses settings that this host understands and cannot keep: a promise that nobody keeps is worse than none. They
 * are those of standard HTTP components.
 *
 * @throws HostError SETTING_UNSUPPORTED, which names all of them
 */
export function verifySupported(
  { name: plugin, placement, config }: PluginSettings,
  { handler, wasi }: Pick<PluginShape, "handler" | "wasi">,
): void {
  if (handler === undefined) return;
  const settings: { setting: string; why: string }[] = [];
  const keys = Object.keys(config);
  if (keys.length > 0 && !wasi.includes("wasi:config/store")) {
    settings.push({
      setting: `"config" with ${keys.map((key) => quote(key)).join(", ")}`,
      why: "a standard HTTP component reads it by wasi:config/store, which this one does not import; leave it out",
    });
  }
  if (placement === "worker") {
    settings.push({
      setting: `"placement": "worker"`,
      why: `the streams of a standard HTTP component do not cross threads; write "inline"`,
    });
  }
  if (settings.length > 0) throw new HostError("SETTING_UNSUPPORTED", { plugin, settings });
}
