import type { PluginInfo, Route } from "../component/contract/data.ts";
import { HostError } from "../core/error.ts";

/** In UTF-16 units. */
const LONGEST = { name: 100, version: 100, description: 2_000, method: 40, pattern: 1_000 } as const;

/**
 * What a plugin says of itself, if it is fit to be shown: it stands in lists, events and messages for as long as
 * the plugin serves.
 *
 * @throws HostError PLUGIN_ANSWER_INVALID when it is too long, or would move a terminal's cursor
 */
export function verifyInfo(info: PluginInfo, plugin: string): PluginInfo {
  for (const field of ["name", "version", "description"] as const) {
    const reason = whyUnfit(info[field], LONGEST[field]);
    if (reason === undefined) continue;
    const details = { plugin, function: "plugin.info", reason: `its ${field} ${reason}` };
    throw new HostError("PLUGIN_ANSWER_INVALID", details);
  }
  return info;
}

/** Routes that one plugin may register. */
const MOST_ROUTES = 1_000;

/**
 * The routes of a plugin, if they are few enough, and short enough, to be kept and shown. Whether they can be
 * served is for the server to say.
 *
 * @throws HostError PLUGIN_ANSWER_INVALID when they are not
 */
export function verifyRoutes(
  routes: readonly Route[],
  plugin: string,
  functionName: string,
): readonly Route[] {
  const reason =
    routes.length > MOST_ROUTES
      ? `it registers ${routes.length} routes, and ${MOST_ROUTES} is the most`
      : routes.map(whyUnfitRoute).find((why) => why !== undefined);
  if (reason === undefined) return routes;
  throw new HostError("PLUGIN_ANSWER_INVALID", { plugin, function: functionName, reason });
}

function whyUnfitRoute({ method, pattern }: Route): string | undefined {
  const [ofMethod, ofPattern] = [whyUnfit(method, LONGEST.method), whyUnfit(pattern, LONGEST.pattern)];
  if (ofMethod !== undefined) return `the method of a route ${ofMethod}`;
  return ofPattern === undefined ? undefined : `the pattern of a route ${ofPattern}`;
}

function whyUnfit(text: string, longest: number): string | undefined {
  if (text.length > longest) return `is longer than ${longest} characters`;
  if (/(?!\n)[\p{Cc}\p{Bidi_C}\u2028\u2029]/u.test(text)) return "holds control characters";
  return undefined;
}
