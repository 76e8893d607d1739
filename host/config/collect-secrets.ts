import { isJsonObject, type JsonValue } from "./json-value.ts";
import { mapLeaves } from "./map-leaves.ts";
import { urlPasswordsIn } from "./url-password.ts";

/**
 * Adds to `secrets` what is secret in the settings of plugins, as they were written: in each `config` the
 * texts under a secret name and whatever is marked, and everywhere the passwords of URLs.
 */
export function collectSecrets(value: JsonValue, plugins: JsonValue | undefined, secrets: Set<string>): void {
  mapLeaves(value, [], (leaf) => {
    if (typeof leaf === "string") for (const password of urlPasswordsIn(leaf)) secrets.add(password);
    return leaf;
  });
  if (!isJsonObject(plugins)) return;
  for (const plugin of Object.values(plugins)) {
    if (!isJsonObject(plugin) || plugin["config"] === undefined) continue;
    mapLeaves(plugin["config"], textsOf(plugin["secret"]), (leaf, mark) => {
      // A number under a name such as max_tokens is no text to look for in logs.
      if (mark === "marked" || (mark === "named" && typeof leaf === "string")) secrets.add(String(leaf));
      return leaf;
    });
  }
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
