import type { JsonValue } from "../marshal/json.ts";
import { jsonTextWith } from "../marshal/json-text.ts";

/**
 * `value` as JSON text. An integer of any size stands as its digits; bytes stand as what `bytesForm` makes of
 * them: base64, unless told otherwise.
 */
export function jsonText(value: JsonValue, bytesForm: (bytes: Uint8Array) => string = base64): string {
  return jsonTextWith(value, bytesForm, 0);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
