// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { Result } from "../../result";
import { JsonValue } from "../json-value";
import { decodeMsgpack } from "../msgpack-decoder";
import { encodeMsgpack } from "../msgpack-encoder";
import { parseJsonText } from "../text-parser";
import { writeJsonText } from "../text-writer";
import { __JsonReader } from "./json-reader";
import { __JsonWriter } from "./json-writer";
import { textOfMsgpack } from "./text-of-msgpack";
import { transcodeJsonText } from "./text-transcoder";

/**
 * Reads MessagePack into a class that is `@json`, or an array or string map of such, or any type that a field of it
 * may have. What does not fit is `invalid-input`, and the message says where: "users[3].age: expected …".
 */
export function decode<T>(bytes: Uint8Array): Result<T> {
  return decodeAt<T>(bytes.dataStart, bytes.byteLength);
}

/** The same from where the bytes stand. */
export function decodeAt<T>(start: usize, length: usize): Result<T> {
  // What asks for values only has no need of the reader of classes.
  if (isManaged<T>() && !isNullable<T>()) {
    if (idof<T>() == idof<JsonValue>()) return changetype<Result<T>>(decodeMsgpack(start, length));
  }
  const reader = new __JsonReader(start, start + length);
  const value = reader.read<T>();
  return !reader.failed && reader.ended() ? Result.ok<T>(value) : Result.err<T>(reader.failure);
}

/** The value in MessagePack, as `decode` reads it. Traps if it is nested deeper than 128, as what contains itself is. */
export function encode<T>(value: T): Uint8Array {
  if (isManaged<T>() && !isNullable<T>()) {
    if (idof<T>() == idof<JsonValue>()) return encodeMsgpack(changetype<JsonValue>(value));
  }
  const writer = new __JsonWriter();
  writer.write<T>(value);
  return writer.take();
}

/** The same as `decode` from JSON text. */
export function decodeJson<T>(text: string): Result<T> {
  if (isManaged<T>() && !isNullable<T>()) {
    if (idof<T>() == idof<JsonValue>()) return changetype<Result<T>>(parseJsonText(text));
  }
  const bytes = transcodeJsonText(text);
  if (bytes.isErr) return Result.err<T>(bytes.error!);
  return decode<T>(bytes.value);
}

/** The value as JSON text. Bytes become a string in base64, numbers that JSON does not have become null. */
export function encodeJson<T>(value: T): string {
  return String.UTF8.decode(encodeJsonUtf8<T>(value).buffer);
}

/** The same in UTF-8. */
export function encodeJsonUtf8<T>(value: T): Uint8Array {
  if (isManaged<T>() && !isNullable<T>()) {
    if (idof<T>() == idof<JsonValue>()) return writeJsonText(changetype<JsonValue>(value));
  }
  return textOfMsgpack(encode<T>(value));
}
