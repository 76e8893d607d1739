import { deepFreeze } from "./deep-freeze.ts";
import { FrozenSet } from "./frozen-set.ts";
import type { JsonObject } from "./json-value.ts";
import { mapLeaves } from "./map-leaves.ts";
import { createScrubber } from "./scrub.ts";
import type { PluginSettings, Settings } from "./settings.ts";
import { hideUrlPasswords } from "./url-password.ts";

/** A copy with "[secret]" in place of whatever is secret, to be shown or logged. */
export function redactSettings(settings: Settings): Settings {
  const scrub = createScrubber(settings.secrets);
  const hide = (text: string) => hideUrlPasswords(scrub(text));
  const { secrets, plugins, ...rest } = settings;
  const redacted = Object.entries(plugins).map(([name, { config, ...plugin }]) => {
    const hidden = mapLeaves(config, plugin.secret, (leaf, mark) => {
      if (mark !== undefined || secrets.has(String(leaf))) return "[secret]";
      return typeof leaf === "string" ? hide(leaf) : leaf;
    });
    return [name, { ...hideTexts(plugin, hide), config: hidden as JsonObject }] as const;
  });
  return deepFreeze({
    plugins: Object.fromEntries(redacted) as Record<string, PluginSettings>,
    ...hideTexts(rest, hide),
    secrets: new FrozenSet<string>([]),
  });
}

/** A copy of a tree with each of its texts as `hide` gives it. */
function hideTexts<T>(tree: T, hide: (text: string) => string): T {
  return mapTexts(tree, hide) as T;
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, map)]));
}
