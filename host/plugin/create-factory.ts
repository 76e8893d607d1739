import { inlineInstances } from "../engine/inline-instances.ts";
import type { MemoryMeter } from "../engine/memory-meter.ts";
import type { InstanceFactory } from "../engine/plugin-instance.ts";
import type { GenerationOptions } from "./generation.ts";

const PAGE_BYTES = 65_536;

/**
 * What makes the instances of a generation, where its settings want them: in the host's own thread, or in others.
 *
 * @param memory Counts all of them.
 * @throws HostError COMPONENT_INVALID, or why else it cannot be compiled
 */
export async function createFactory(
  { component, settings, loader, turnstile, workers }: GenerationOptions,
  memory: MemoryMeter,
): Promise<InstanceFactory> {
  const { limits, name: plugin, placement } = settings;
  const { memoryBytes } = limits;
  const bindings = await loader.load(component, plugin, {
    maxMemoryPages: Math.floor(memoryBytes / PAGE_BYTES),
    maxTableElements: limits.tableElements,
    fuel: limits.fuel,
    files: settings.permissions.filesystem.length > 0,
  });
  const options = { plugin, shape: component.shape, bindings, memoryBytes, memory };
  return placement === "worker" ? workers.instancesOf(options) : inlineInstances({ ...options, turnstile });
}
