import type { HistorySettings } from "./settings.ts";
import type { WrittenHostSettings } from "./settings-schema.ts";

/** Puts in what was not written. */
export function completeHistory({
  builds = 3,
  maxBytes = 256 * 2 ** 20,
}: NonNullable<WrittenHostSettings["history"]> = {}): HistorySettings {
  return { builds, maxBytes };
}
