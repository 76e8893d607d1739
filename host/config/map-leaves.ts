import type { JsonValue } from "./json-value.ts";
import { isSecretName } from "./scrub.ts";

/** Why a value is secret: settings say so, or the name of its key does. */
type SecretMark = "marked" | "named" | undefined;

/**
 * Copies a plugin's config with each text and number as `map` gives it. What stands under a secret is secret.
 *
 * `marked` are paths of keys joined by dots; the items of a list are at the path of the list.
 */
export function mapLeaves(
  value: JsonValue,
  marked: readonly string[],
  map: (leaf: string | number, mark: SecretMark) => JsonValue,
): JsonValue {
  const paths = new Set(marked);
  const visit = (found: JsonValue, path: string, mark: SecretMark): JsonValue => {
    if (typeof found === "string" || typeof found === "number") return map(found, mark);
    if (typeof found !== "object" || found === null) return found;
    if (Array.isArray(found)) return found.map((item: JsonValue) => visit(item, path, mark));
    const members = Object.entries(found).map(([key, member]) => {
      const at = path === "" ? key : `${path}.${key}`;
      const own = paths.has(at) ? "marked" : isSecretName(key) ? "named" : undefined;
      return [key, visit(member, at, mark === "marked" ? mark : (own ?? mark))] as const;
    });
    return Object.fromEntries(members);
  };
  return visit(value, "", undefined);
}
