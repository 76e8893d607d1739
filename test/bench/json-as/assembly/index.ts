// Reads a kilobyte of JSON and writes it again, as often as it is told: as a class, and as a value.

import { decode, decodeJson, encode, encodeJsonUtf8, JsonValue } from "tusk-plugin-as";

export { cabi_realloc } from "tusk-plugin-as/abi/memory";

@json
class Address {
  street: string;
  city: string;
  zip: u32;
}

@json({ names: "snake_case" })
class User {
  id: i64;
  name: string;
  active: bool;
  score: f64;
  tags: string[];
  address: Address | null;
  createdAt: string;
}

let input: Uint8Array = new Uint8Array(0);
let output: Uint8Array = new Uint8Array(0);

export function take(start: usize, length: i32): void {
  input = new Uint8Array(length);
  memory.copy(input.dataStart, start, length);
}

export function typed(times: i32): void {
  for (; times > 0; times--) output = encode(decode<User[]>(input).value);
}

export function tree(times: i32): void {
  for (; times > 0; times--) output = JsonValue.decode(input).value.encode();
}

export function typedText(times: i32): void {
  const text = String.UTF8.decode(input.buffer);
  for (; times > 0; times--) output = encodeJsonUtf8(decodeJson<User[]>(text).value);
}

export function treeText(times: i32): void {
  const text = String.UTF8.decode(input.buffer);
  for (; times > 0; times--) output = JsonValue.parse(text).value.toUtf8();
}

export function answer(): usize {
  return output.dataStart;
}

export function answerLength(): i32 {
  return output.length;
}
