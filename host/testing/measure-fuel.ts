import type { PluginHandle } from "../plugin/plugin-handle.ts";
import { answered } from "./checks/plugin-check.ts";
import type { Probe } from "./checks/probes.ts";

/** What collects garbage does not cost the same each time. */
const CALLS = 100;

/**
 * The fuel that a call costs, about one for each instruction, on average.
 *
 * @param plugin Loaded with `fuel: "exact"`: by slices it is charged for more than it has used.
 */
export async function measureFuel(
  plugin: PluginHandle,
  { capability, function: name, args }: Probe,
): Promise<number> {
  const call = () => answered(plugin.call(capability, name, args));
  const used = () => plugin.status().traffic?.fuelUsed ?? 0;
  await call();
  const before = used();
  for (let i = 0; i < CALLS; i++) await call();
  return (used() - before) / CALLS;
}
