import type { PluginSettings } from "../config/settings.ts";
import { pluginNameOf } from "./default-settings.ts";
import type { Current } from "./provide-services.ts";

/** The plugins of the settings that hold now, disabled ones included. */
export function allListed({ value }: Current): PluginSettings[] {
  return Object.values(value?.plugins ?? {});
}

/** The settings of a file's plugin, if there are any. A plugin that is disabled has them, too. */
export function listedAt(file: string, settings: Current): PluginSettings | undefined {
  return allListed(settings).find(({ path }) => path === file);
}

/** Whether the settings say what becomes of a file in the folder: by its path, or by a name that they give away. */
export function isSettled(file: string, settings: Current): boolean {
  return (
    listedAt(file, settings) !== undefined || Object.hasOwn(settings.value?.plugins ?? {}, pluginNameOf(file))
  );
}
