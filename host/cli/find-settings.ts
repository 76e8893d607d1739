import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { loadSettings } from "../config/load-settings.ts";
import { parseSettings } from "../config/parse-settings.ts";
import type { Settings } from "../config/settings.ts";
import { defaultCacheFolder } from "./cache-folder.ts";
import { defaultRecordFile } from "./record-file.ts";

const FILES = ["tusk.json", "tusk.tsk"];

/** What commands that load plugins have in common. */
export interface LoadOptions {
  readonly folder?: string;
  readonly cacheDir?: string;
}

/**
 * The settings in `file`; without one those in `tusk.json` or `tusk.tsk` of the current folder; without
 * those, none but that plugins are in the folder `plugins`.
 *
 * @throws HostError SETTINGS_UNREADABLE, SETTINGS_INVALID
 */
export async function findSettings(file: string | undefined, options: LoadOptions): Promise<Settings> {
  const found = await findSettingsFile(file);
  const folder = options.folder === undefined ? undefined : resolve(options.folder);
  const world = { env: process.env, memoryUsage: () => process.memoryUsage().rss, folder };
  const settings =
    found === undefined
      ? await parseSettings({ plugins: {} }, { ...world, baseFolder: process.cwd() })
      : await loadSettings(found, world);
  const cacheDir =
    options.cacheDir ?? settings.cacheDir ?? defaultCacheFolder(process.env, process.platform, homedir());
  const record =
    settings.trust.record ??
    defaultRecordFile(process.env, process.platform, homedir(), settings.baseFolder ?? process.cwd());
  return { ...settings, cacheDir, trust: { ...settings.trust, record } };
}

/** The file that settings are read from: `file`, else the one of the current folder, else none. */
export async function findSettingsFile(file: string | undefined): Promise<string | undefined> {
  return file ?? (await firstThatExists(FILES));
}

async function firstThatExists(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists) return file;
  }
  return undefined;
}
