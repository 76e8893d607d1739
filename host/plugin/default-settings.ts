import { basename, dirname } from "node:path";
import { defaultPluginSettings } from "../config/default-plugin-settings.ts";
import type { PluginSettings } from "../config/settings.ts";
import { quote } from "../core/error-codes.ts";
import { HostError } from "../core/error.ts";

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]{0,99}$/u;

/** The settings of a plugin that nobody wrote any for: named after its file, granted nothing. */
export function defaultSettings(file: string): PluginSettings {
  return defaultPluginSettings({ folder: dirname(file) }, pluginNameOf(file));
}

/**
 * The name of a plugin that settings do not name: that of its file, or, if that is none, what can be shown of it.
 */
export function pluginNameOf(file: string): string {
  const name = basename(file, ".wasm");
  return NAME.test(name) ? name : quote(name, 300);
}

/**
 * Whoever can put a file into the folder chooses its name, which then stands in logs, lists and settings.
 *
 * @throws HostError FILE_NAME_INVALID
 */
export function verifyName({ name, path }: Pick<PluginSettings, "name" | "path">): void {
  if (!NAME.test(name)) throw new HostError("FILE_NAME_INVALID", { plugin: name, file: path });
}
