import { Instance, type InstanceOptions } from "./instance.ts";
import { MemoryMeter } from "./memory-meter.ts";
import type { InstanceFactory } from "./plugin-instance.ts";

interface InlineInstancesOptions extends Omit<InstanceOptions, "services"> {
  /** Of one instance. */
  readonly memoryBytes: number;
  /** Counts all instances of the plugin. */
  readonly memory: MemoryMeter;
}

/** Makes instances that live in the host's own thread. */
export function inlineInstances({
  memoryBytes,
  memory,
  ...options
}: InlineInstancesOptions): InstanceFactory {
  return {
    create: (services) =>
      Promise.try(() => new Instance({ ...options, services, memory: new MemoryMeter(memoryBytes, memory) })),
    close: () => undefined,
  };
}
