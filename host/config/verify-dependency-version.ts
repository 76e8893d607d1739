import { HostError } from "../core/error.ts";
import type { Dependency } from "./settings.ts";
import { checkDependencyVersion } from "./version-range.ts";

/**
 * Sees that the version `found` of a plugin will do for one that depends on it.
 *
 * @throws HostError DEPENDENCY_VERSION when it will not, or is no version.
 */
export function verifyDependencyVersion(plugin: string, { name, range }: Dependency, found: string): void {
  if (range === undefined || checkDependencyVersion(range, found)) return;
  throw new HostError("DEPENDENCY_VERSION", { plugin, dependency: name, range, found });
}
