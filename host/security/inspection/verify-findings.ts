import { HostError } from "../../core/error.ts";
import type { InspectionSettings } from "../../config/settings.ts";
import { scanBinary } from "./scan-binary.ts";

/**
 * Refuses a binary that has what the settings do not want.
 *
 * @throws HostError FINDING_REFUSED
 */
export function verifyFindings(
  bytes: Uint8Array,
  plugin: string,
  foreignExports: readonly string[],
  { refuse }: InspectionSettings,
): void {
  // It takes about as long as making the binary ready to run.
  if (refuse.length === 0) return;
  const [first, ...others] = scanBinary(bytes, plugin, foreignExports).filter(({ rule }) =>
    refuse.includes(rule),
  );
  if (!first) return;
  const { rule, where, message } = first;
  throw new HostError("FINDING_REFUSED", { plugin, rule, where, message, more: others.length });
}
