import { quote } from "../core/error-codes.ts";

/** A text that a plugin, a file or a client chose: as it is if it can do a terminal no harm, else quoted. */
export function plain(text: string): string {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{0,200}$/u.test(text) ? text : quote(text);
}
