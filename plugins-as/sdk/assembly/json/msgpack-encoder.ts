// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { utf8Length, writeUtf8 } from "../utf8";
import { MAX_DEPTH } from "./depth";
import { JsonKind } from "./json-kind";
import { JsonValue } from "./json-value";

/** A value in MessagePack, every number and length in its shortest form. Traps above 128 levels. */
export function encodeMsgpack(value: JsonValue): Uint8Array {
  const bytes = new Uint8Array(sizeOfMsgpack(value, 0));
  writeMsgpack(bytes.dataStart, value);
  return bytes;
}

/**
 * How many bytes a value takes, at that depth. Measuring first costs less than growing a buffer, and the bytes can be
 * lent to the host as they are.
 */
export function sizeOfMsgpack(value: JsonValue, depth: i32): i32 {
  switch (value.kind) {
    case JsonKind.I64:
      return sizeOfI64(value.asI64());
    case JsonKind.U64:
    case JsonKind.F64:
      return 9;
    case JsonKind.String:
      return sizeOfString(value.asString());
    case JsonKind.Bytes: {
      const length = value.asBytes().length;
      return length + (length < 0x100 ? 2 : length < 0x10000 ? 3 : 5);
    }
    case JsonKind.Array:
    case JsonKind.Object:
      return sizeOfContainer(value, depth + 1);
    default:
      return 1;
  }
}

function sizeOfContainer(value: JsonValue, depth: i32): i32 {
  if (depth > MAX_DEPTH) throw new Error("a JsonValue is nested deeper than 128");
  const length = value.length;
  let size = length < 16 ? 1 : length < 0x10000 ? 3 : 5;
  if (value.isArray) {
    const elements = value.elements;
    for (let i = 0; i < length; i++) size += sizeOfMsgpack(elements[i], depth);
  } else {
    const keys = value.keys;
    const values = value.members.values();
    for (let i = 0; i < length; i++) size += sizeOfString(keys[i]) + sizeOfMsgpack(values[i], depth);
  }
  return size;
}

function sizeOfI64(value: i64): i32 {
  if (value >= -32 && value < 0x80) return 1;
  if (value >= 0) return value < 0x100 ? 2 : value < 0x10000 ? 3 : value < 0x100000000 ? 5 : 9;
  return value >= i8.MIN_VALUE ? 2 : value >= i16.MIN_VALUE ? 3 : value >= i32.MIN_VALUE ? 5 : 9;
}

function sizeOfString(text: string): i32 {
  const length = utf8Length(text);
  return length + (length < 32 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 5);
}

/** Writes a value at an address and returns the address after it. */
export function writeMsgpack(at: usize, value: JsonValue): usize {
  switch (value.kind) {
    case JsonKind.Null:
      return head(at, 0xc0);
    case JsonKind.Bool:
      return head(at, value.asBool() ? 0xc3 : 0xc2);
    case JsonKind.I64:
      return writeI64(at, value.asI64());
    case JsonKind.U64:
      return number<u64>(at, 0xcf, value.asU64());
    case JsonKind.F64:
      return number<u64>(at, 0xcb, reinterpret<u64>(value.asF64()));
    case JsonKind.String:
      return writeString(at, value.asString());
    case JsonKind.Bytes:
      return writeBytes(at, value.asBytes());
    case JsonKind.Array:
      return writeArray(at, value.elements);
    default:
      return writeObject(at, value.members);
  }
}

function writeI64(at: usize, value: i64): usize {
  const size = sizeOfI64(value);
  if (size == 1) return head(at, <u8>value);
  if (size == 2) return number<u8>(at, value < 0 ? 0xd0 : 0xcc, <u8>value);
  if (size == 3) return number<u16>(at, value < 0 ? 0xd1 : 0xcd, <u16>value);
  if (size == 5) return number<u32>(at, value < 0 ? 0xd2 : 0xce, <u32>value);
  return number<u64>(at, value < 0 ? 0xd3 : 0xcf, <u64>value);
}

function writeString(at: usize, text: string): usize {
  const length = utf8Length(text);
  if (length < 32) at = head(at, <u8>(0xa0 | length));
  else if (length < 0x100) at = number<u8>(at, 0xd9, <u8>length);
  else if (length < 0x10000) at = number<u16>(at, 0xda, <u16>length);
  else at = number<u32>(at, 0xdb, length);
  writeUtf8(at, text, length);
  return at + length;
}

function writeBytes(at: usize, bytes: Uint8Array): usize {
  const length = bytes.length;
  if (length < 0x100) at = number<u8>(at, 0xc4, <u8>length);
  else if (length < 0x10000) at = number<u16>(at, 0xc5, <u16>length);
  else at = number<u32>(at, 0xc6, length);
  memory.copy(at, bytes.dataStart, length);
  return at + length;
}

function writeArray(at: usize, elements: JsonValue[]): usize {
  const length = elements.length;
  if (length < 16) at = head(at, <u8>(0x90 | length));
  else if (length < 0x10000) at = number<u16>(at, 0xdc, <u16>length);
  else at = number<u32>(at, 0xdd, length);
  for (let i = 0; i < length; i++) at = writeMsgpack(at, elements[i]);
  return at;
}

function writeObject(at: usize, members: Map<string, JsonValue>): usize {
  const length = members.size;
  if (length < 16) at = head(at, <u8>(0x80 | length));
  else if (length < 0x10000) at = number<u16>(at, 0xde, <u16>length);
  else at = number<u32>(at, 0xdf, length);
  const keys = members.keys();
  const values = members.values();
  for (let i = 0; i < length; i++) at = writeMsgpack(writeString(at, keys[i]), values[i]);
  return at;
}

function head(at: usize, tag: u8): usize {
  store<u8>(at, tag);
  return at + 1;
}

// MessagePack is big-endian, WebAssembly is not.
function number<T>(at: usize, tag: u8, value: T): usize {
  store<u8>(at, tag);
  store<T>(at + 1, bswap<T>(value));
  return at + 1 + sizeof<T>();
}
