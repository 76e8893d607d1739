import { resolveLoadOrder } from "../config/resolve-load-order.ts";
import type { PluginSettings } from "../config/settings.ts";
import type { Registry } from "./registry.ts";

/**
 * Starts plugins: each once those it depends on have started, others side by side. What does not start is
 * told as an event, and keeps only its dependents from starting.
 *
 * @throws HostError DEPENDENCY_UNAVAILABLE, DEPENDENCY_CYCLE
 */
export async function startInOrder(all: readonly PluginSettings[], registry: Registry): Promise<void> {
  const byName = new Map(all.map((settings) => [settings.name, settings]));
  const { order, dependencies } = resolveLoadOrder(Object.fromEntries(byName));
  const started = new Map<string, Promise<unknown>>();
  for (const name of order) {
    const settings = byName.get(name);
    if (!settings?.enabled) continue;
    const plugin = registry.register(settings);
    const needed = dependencies.get(name)?.flatMap((dependency) => started.get(dependency) ?? []) ?? [];
    const start = Promise.all(needed).then(() => plugin.take(settings));
    started.set(
      name,
      start.catch(() => undefined),
    );
  }
  await Promise.all(started.values());
}

/** Tries again what could not start because of what it depends on, now that this may have changed. */
export async function startWaiting(registry: Registry): Promise<void> {
  const waiting = [...registry].filter(
    ({ state, lastRefusal }) => state === "failed" && lastRefusal?.code.startsWith("DEPENDENCY_"),
  );
  const taken = await Promise.allSettled(waiting.map((plugin) => plugin.take()));
  if (taken.some(({ status }) => status === "fulfilled")) await startWaiting(registry);
}
