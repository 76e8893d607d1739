import type { JsonValue } from "../marshal/json.ts";

// TypeScript does not know it yet; every Node that runs this has it.
const { rawJSON } = JSON as unknown as { rawJSON(this: void, text: string): object };

/**
 * `value` as JSON text. An integer of any size stands as its digits; bytes stand as what `bytesForm` makes of
 * them: base64, unless told otherwise.
 */
export function jsonText(value: JsonValue, bytesForm: (bytes: Uint8Array) => string = base64): string {
  // The holder is asked, and not the value given, because a Buffer has turned itself into an object by then.
  return JSON.stringify(value, function (this: Record<string, JsonValue>, key, given: unknown) {
    const member = this[key];
    if (member instanceof Uint8Array) return bytesForm(member);
    return typeof member === "bigint" ? rawJSON(String(member)) : given;
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
