import { basename, resolve } from "node:path";
import { HostError } from "../core/error.ts";
import { defaultPluginSettings } from "../config/default-plugin-settings.ts";
import type { PluginSettings, Settings } from "../config/settings.ts";
import { createHost } from "../plugin/create-host.ts";
import type { Host } from "../plugin/host.ts";
import { pluginFilesIn } from "../plugin/watcher.ts";
import type { LogSink } from "../services/logger/log-sink.ts";

/**
 * Makes a host with one plugin and those that it depends on.
 *
 * @param file Taken in place of the plugin's own file. The settings of the plugin hold for it, too.
 * @throws HostError PLUGIN_UNKNOWN, or with the reason why the plugin does not load
 */
export async function loadOne(name: string, settings: Settings, log: LogSink, file?: string): Promise<Host> {
  const own = await settingsOf(name, settings, file);
  const needed = [...neededBy(own, settings)].filter((plugin) => plugin.name !== name);
  const plugins = Object.fromEntries(needed.map((plugin) => [plugin.name, plugin]));
  const host = await createHost({
    // What is tried here is no build to roll back to.
    settings: { ...settings, plugins, file: undefined },
    folder: null,
    log,
  });
  try {
    await host.load(own.path, own);
    return host;
  } catch (error) {
    await host.shutdown();
    throw error;
  }
}

async function settingsOf(
  name: string,
  settings: Settings,
  file: string | undefined,
): Promise<PluginSettings> {
  const listed = settings.plugins[name];
  const found = listed ?? defaultPluginSettings(settings, name);
  if (file !== undefined) return { ...found, path: resolve(file) };
  const names = (await pluginFilesIn(settings.folder)).map((path) => basename(path, ".wasm"));
  if (listed || names.includes(name)) return found;
  const known = [...new Set([...Object.keys(settings.plugins), ...names])];
  throw new HostError("PLUGIN_UNKNOWN", { plugin: name, known });
}

/** A plugin and what it depends on, whatever that depends on included. */
function neededBy(plugin: PluginSettings, { plugins }: Settings): Set<PluginSettings> {
  const needed = new Set([plugin]);
  // A set that grows while it is gone through is gone through to its end.
  for (const { dependencies } of needed) {
    for (const { name } of dependencies) {
      const dependency = plugins[name];
      if (dependency) needed.add(dependency);
    }
  }
  return needed;
}
