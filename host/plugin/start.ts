import { resolveLoadOrder } from "../config/dependency-graph.ts";
import type { PluginSettings } from "../config/settings.ts";
import type { Registry } from "./registry.ts";

/**
 * Starts plugins: each once those it depends on have started, others side by side. What does not start is
 * told as an event, and keeps only its dependents from starting.
 *
 * @throws HostError when the dependencies cannot be resolved
 */
export async function startInOrder(all: readonly PluginSettings[], registry: Registry): Promise<void> {
  const byName = new Map(all.map((settings) => [settings.name, settings]));
  const { order } = resolveLoadOrder(Object.fromEntries(byName));
  const started = new Map<string, Promise<unknown>>();
  for (const name of order) {
    const settings = byName.get(name);
    if (!settings) continue;
    const plugin = registry.register(settings);
    const dependencies = settings.dependencies.map((dependency) => started.get(dependency.name));
    const start = Promise.all(dependencies).then(() => plugin.take(settings));
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
