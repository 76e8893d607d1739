import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildPlugin } from "../build/build-plugin.ts";
import { loadSettings } from "../config/load-settings.ts";
import { parseSettings } from "../config/parse-settings.ts";
import type { Settings } from "../config/settings.ts";
import { HostError } from "../core/error.ts";

/** A plugin that its author works on. */
interface AuthorPlugin {
  readonly name: string;
  /** The component. */
  readonly file: string;
  /** Where it is worked on: its folder, or the one that the component is in. */
  readonly folder: string;
  /** Those that it is tried with. */
  readonly settings: Settings | undefined;
}

/**
 * Finds the plugin that somebody names: by its folder, which is built first, by its component, or as the settings do.
 *
 * @param config Settings that say something of it; by default those in the `tusk.json` beside it, if they do.
 * @param onStep Is told what is done, as it is.
 * @throws HostError PLUGIN_UNKNOWN when `config` says nothing of it
 * @throws HostError as `buildPlugin` and `loadSettings` do
 */
export async function findAuthorPlugin(
  plugin: string,
  config?: string,
  onStep: (step: string) => void = () => undefined,
): Promise<AuthorPlugin> {
  const named = existsSync(plugin) ? undefined : await trialSettings(plugin, ".", config, false);
  const listed = named?.plugins[plugin];
  if (listed) return { name: plugin, file: listed.path, folder: dirname(listed.path), settings: named };
  const isFolder = existsSync(plugin) && statSync(plugin).isDirectory();
  const file = isFolder ? (await buildPlugin(plugin, { onStep })).file : plugin;
  const folder = isFolder ? plugin : dirname(plugin);
  const name = basename(file, ".wasm");
  return { name, file, folder, settings: await trialSettings(name, folder, config) };
}

/**
 * The settings of the plugin `name` and those beside it; undefined where nobody wrote any for it.
 *
 * @throws HostError PLUGIN_UNKNOWN instead, if they are `demanded`
 */
export async function trialSettings(
  name: string,
  folder: string,
  config?: string,
  demanded = config !== undefined,
): Promise<Settings | undefined> {
  const beside = join(folder, "tusk.json");
  const file = config ?? (existsSync(beside) ? beside : undefined);
  if (file === undefined) return undefined;
  const settings = await loadSettings(file, { env: process.env });
  if (settings.plugins[name]) return settings;
  // Settings of other plugins say nothing of this one.
  if (!demanded) return undefined;
  throw new HostError("PLUGIN_UNKNOWN", { plugin: name, known: Object.keys(settings.plugins) });
}

/** Trials write, and may not touch what is dear to somebody: every database is an empty one in memory. */
export async function emptyDatabases({ databases }: Settings): Promise<Settings["databases"]> {
  const urls = Object.keys(databases).map((name) => [name, "sqlite::memory:"]);
  const empty = await parseSettings({ plugins: {}, databases: Object.fromEntries(urls) });
  return empty.databases;
}
