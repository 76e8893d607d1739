import type { Plugin } from "./plugin.ts";
import type { Registry } from "./registry.ts";
import { startWaiting } from "./start.ts";

/**
 * Holds plugins against what is trusted now: builds that were refused are tried again, those that serve are asked for
 * once more, and what has been revoked is ended where nothing else could take its place. What is refused is told as an
 * event.
 */
export async function retake(plugins: Iterable<Plugin>, registry: Registry): Promise<void> {
  await Promise.allSettled(Array.from(plugins, (plugin) => plugin.take()));
  // Where nobody knows what was revoked, each has been told so when it was asked for.
  await Promise.allSettled(Array.from(registry, (plugin) => plugin.endIfRevoked()));
  await startWaiting(registry);
}
