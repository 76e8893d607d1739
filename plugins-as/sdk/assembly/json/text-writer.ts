// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { writeBase64 } from "./base64";
import { ByteBuffer } from "./byte-buffer";
import { JsonKind } from "./json-kind";
import { JsonValue } from "./json-value";

/** A value as JSON text in UTF-8. Bytes become a string in base64, a float that JSON does not have null. */
export function writeJsonText(value: JsonValue): Uint8Array {
  const out = new ByteBuffer();
  write(out, value);
  return out.toBytes();
}

function write(out: ByteBuffer, value: JsonValue): void {
  switch (value.kind) {
    case JsonKind.Bool:
      return out.text(value.asBool() ? "true" : "false");
    case JsonKind.I64:
      return out.text(value.asI64().toString());
    case JsonKind.U64:
      return out.text(value.asU64().toString());
    case JsonKind.F64:
      return writeFloat(out, value.asF64());
    case JsonKind.String:
      return writeString(out, value.asString());
    case JsonKind.Bytes:
      return writeBytes(out, value.asBytes());
    case JsonKind.Array:
      return writeArray(out, value.elements);
    case JsonKind.Object:
      return writeObject(out, value.members);
    default:
      return out.text("null");
  }
}

function writeFloat(out: ByteBuffer, value: f64): void {
  out.text(isFinite(value) ? value.toString() : "null");
}

function writeBytes(out: ByteBuffer, bytes: Uint8Array): void {
  out.byte(0x22); // "
  writeBase64(out, bytes);
  out.byte(0x22); // "
}

function writeArray(out: ByteBuffer, elements: JsonValue[]): void {
  out.byte(0x5b); // [
  for (let i = 0, n = elements.length; i < n; i++) {
    if (i > 0) out.byte(0x2c); // ,
    write(out, elements[i]);
  }
  out.byte(0x5d); // ]
}

function writeObject(out: ByteBuffer, members: Map<string, JsonValue>): void {
  const keys = members.keys();
  const values = members.values();
  out.byte(0x7b); // {
  for (let i = 0, n = keys.length; i < n; i++) {
    if (i > 0) out.byte(0x2c); // ,
    writeString(out, keys[i]);
    out.byte(0x3a); // :
    write(out, values[i]);
  }
  out.byte(0x7d); // }
}

function writeString(out: ByteBuffer, text: string): void {
  out.byte(0x22); // "
  let written = 0;
  for (let i = 0, n = text.length; i < n; i++) {
    const escape = escapeOf(text.charCodeAt(i));
    if (escape === null) continue;
    out.text(text.substring(written, i));
    out.text(escape);
    written = i + 1;
  }
  out.text(written == 0 ? text : text.substring(written));
  out.byte(0x22); // "
}

/** How a character stands in a string, or null if as itself. */
export function escapeOf(char: i32): string | null {
  if (char == 0x22) return '\\"';
  if (char == 0x5c) return "\\\\";
  if (char >= 0x20) return null;
  if (char == 0x0a) return "\\n";
  if (char == 0x0d) return "\\r";
  if (char == 0x09) return "\\t";
  return "\\u00" + char.toString(16).padStart(2, "0");
}
