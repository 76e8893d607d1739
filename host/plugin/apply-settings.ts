import { isDeepStrictEqual } from "node:util";
import { HostError } from "../core/error.ts";
import { resolveLoadOrder } from "../config/resolve-load-order.ts";
import type { Settings } from "../config/settings.ts";
import type { TrustGate } from "../security/trust/trust-gate.ts";
import type { Registry } from "./registry.ts";
import { startInOrder } from "./start.ts";

/** What a host is built on, and cannot be changed under it. */
const FIXED = [
  "databases",
  "folder",
  "cacheDir",
  "http",
  "mail",
  "cache",
  "workers",
  "log",
  "baseFolder",
] as const;

/** What settings are applied to. */
interface Applied {
  readonly registry: Registry;
  readonly trust: TrustGate;
  /** Has the settings hold, once it is known that they can. */
  readonly hold: () => void;
}

/**
 * Brings the plugins to new settings: those that are gone or disabled are ended, those that are new are
 * started, those whose settings are others are swapped. What is as it was is left alone. A plugin that cannot
 * be swapped goes on as it was, which is told as an event.
 *
 * @throws HostError SETTINGS_FIXED, DEPENDENCY_UNAVAILABLE, DEPENDENCY_CYCLE, KEY_UNREADABLE; nothing has changed then
 */
export async function applySettings(
  before: Settings,
  after: Settings,
  { registry, trust, hold }: Applied,
): Promise<void> {
  const fixed = FIXED.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  if (fixed.length > 0) throw new HostError("SETTINGS_FIXED", { keys: fixed });
  resolveLoadOrder(after.plugins);
  await trust.use(after.trust);
  // Before any plugin is made by them: its log must not show what only they say is a secret.
  hold();
  const gone = new Set(Object.keys(before.plugins).filter((name) => !after.plugins[name]?.enabled));
  for (const name of registry.names.toReversed()) {
    const plugin = registry.find(name);
    if (plugin && gone.has(name)) await registry.end(plugin);
  }
  await startInOrder(Object.values(after.plugins), registry);
  if (isDeepStrictEqual(before.trust, after.trust)) return;
  // What nobody listed is held against the new keys, too; what is refused goes on, and says why.
  const unlisted = [...registry].filter(({ name }) => !Object.hasOwn(after.plugins, name));
  await Promise.allSettled(unlisted.map((plugin) => plugin.take()));
}
