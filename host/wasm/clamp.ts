import { HostError } from "../core/error.ts";
import type { Limits } from "./limits.ts";

/**
 * Gives each of several memories, or tables, a maximum such that they can never be larger than `limit`
 * together: its minimum and an equal share of what is left, or what it asked for if that is less.
 *
 * @throws HostError BINARY_OVER_LIMIT when they start larger than that
 */
export function clampLimits(all: readonly Limits[], limit: number, what: string, file: string): Limits[] {
  const wanted = all.reduce((sum, { min }) => sum + min, 0);
  if (wanted > limit) throw new HostError("BINARY_OVER_LIMIT", { file, what, wanted, limit });
  const share = Math.floor((limit - wanted) / Math.max(1, all.length));
  // A maximum below the minimum is for the engine to refuse, so it stays as it is.
  return all.map(({ min, max = Infinity }) => ({ min, max: Math.min(max, min + share) }));
}
