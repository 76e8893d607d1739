import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { HostError, messageOf } from "../../core/error.ts";
import type { Settings } from "../../config/settings.ts";
import { defaultSettings } from "../../plugin/default-settings.ts";
import { isSettled } from "../../plugin/listed.ts";
import { readPluginFile } from "../../plugin/read-plugin-file.ts";
import { pluginFilesIn } from "../../plugin/watcher.ts";
import {
  type LockedBuild,
  type LockedBuilds,
  readLockFile,
  writeLockFile,
} from "../../security/trust/lock-file.ts";
import { findSettings, type LoadOptions } from "../find-settings.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";

export interface LockOptions extends LoadOptions {
  readonly check?: true;
}

/** Writes down which builds are to be loaded. */
export async function lock(
  { output }: Session,
  config: string | undefined,
  options: LockOptions,
): Promise<void> {
  const settings = await findSettings(config, options);
  const file = settings.trust.lock ?? join(settings.baseFolder ?? ".", "tusk.lock");
  const builds = await buildsOf(settings);
  if (options.check) await verifyLock(file, builds);
  else await writeLockFile(file, builds);
  if (output.json) output.document({ file, plugins: builds });
  else for (const [name, { sha256 }] of Object.entries(builds)) output.line(`${plain(name)}  ${sha256}`);
  if (settings.trust.lock === undefined) {
    output.note(
      `For a host to hold builds against it, add to the settings: "trust": { "lock": "${basename(file)}" }`,
    );
  }
}

/** @throws HostError LOCK_DIFFERS, LOCK_UNREADABLE */
async function verifyLock(file: string, builds: LockedBuilds): Promise<void> {
  const locked = await readLockFile(file);
  for (const [plugin, { sha256: found }] of Object.entries(builds)) {
    const hash = Object.hasOwn(locked, plugin) ? locked[plugin]?.sha256 : undefined;
    if (hash !== found) throw new HostError("LOCK_DIFFERS", { plugin, file, locked: hash, found });
  }
}

/** Of the plugins that a host would load. */
async function buildsOf(settings: Settings): Promise<LockedBuilds> {
  const listed = Object.values(settings.plugins).filter(({ enabled }) => enabled);
  const found = await pluginFilesIn(settings.folder);
  const unlisted = found.filter((file) => !isSettled(file, { value: settings })).map(defaultSettings);
  const builds = [...listed, ...unlisted].map(async ({ name, path }): Promise<[string, LockedBuild]> => [
    name,
    await buildIn(path, name),
  ]);
  return Object.fromEntries(await Promise.all(builds));
}

async function buildIn(file: string, plugin: string): Promise<LockedBuild> {
  try {
    const bytes = await readPluginFile(file);
    return { sha256: createHash("sha256").update(bytes).digest("hex"), sizeBytes: bytes.length };
  } catch (cause) {
    throw new HostError("FILE_UNREADABLE", { file, plugin, reason: messageOf(cause) }, { cause });
  }
}
