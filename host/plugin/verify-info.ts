import type { PluginInfo } from "../component/contract/data.ts";
import { HostError } from "../core/error.ts";

/** In UTF-16 units. */
const LONGEST = { name: 100, version: 100, description: 2_000 } as const;

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

function whyUnfit(text: string, longest: number): string | undefined {
  if (text.length > longest) return `is longer than ${longest} characters`;
  if (/(?!\n)[\p{Cc}\p{Bidi_C}\u2028\u2029]/u.test(text)) return "holds control characters";
  return undefined;
}
