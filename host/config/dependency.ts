import type { Dependency } from "./settings.ts";
import { parseVersionRange } from "./version-range.ts";

/** "name", "name@^1", "name?" (optional), "name@^1?". Returns what is wrong with it as a text. */
export function parseDependency(written: string): Dependency | string {
  const match = /^([A-Za-z][A-Za-z0-9_-]{0,63})(?:@([^?]+))?(\?)?$/.exec(written);
  if (!match?.[1]) return 'should be the name of a plugin, such as "postgres", "postgres@^1" or "postgres?"';
  const range = match[2]?.trim();
  if (range !== undefined && parseVersionRange(range) === undefined) {
    return 'has no range of versions behind its @: write one such as "^1", "~1.2" or ">=1.0.0 <2"';
  }
  return { name: match[1], range, optional: match[3] !== undefined };
}
