import { JsonKind, JsonValue } from "tusk-plugin-as";
import { expect, hex, unhex } from "./expect";

export function integers_take_their_shortest_form_and_come_back(): void {
  integer(0, "00");
  integer(127, "7f");
  integer(128, "cc80");
  integer(255, "ccff");
  integer(256, "cd0100");
  integer(65535, "cdffff");
  integer(65536, "ce00010000");
  integer(4294967295, "ceffffffff");
  integer(4294967296, "cf0000000100000000");
  integer(i64.MAX_VALUE, "cf7fffffffffffffff");
  integer(-1, "ff");
  integer(-32, "e0");
  integer(-33, "d0df");
  integer(-128, "d080");
  integer(-129, "d1ff7f");
  integer(-32768, "d18000");
  integer(-32769, "d2ffff7fff");
  integer(-2147483648, "d280000000");
  integer(-2147483649, "d3ffffffff7fffffff");
  integer(i64.MIN_VALUE, "d38000000000000000");
}

function integer(value: i64, encoded: string): void {
  expect(hex(JsonValue.of(value).encode()), encoded);
  expect(decode(encoded).asI64(42), value);
}

export function unsigned_integers_above_the_signed_ones_keep_every_digit(): void {
  const value = JsonValue.of(u64.MAX_VALUE);
  expect(hex(value.encode()), "cfffffffffffffffff");
  expect(decode("cfffffffffffffffff").asU64(), u64.MAX_VALUE);
  expect<i32>(decode("cfffffffffffffffff").kind, JsonKind.U64);
  expect<i32>(decode("cf7fffffffffffffff").kind, JsonKind.I64);
}

export function integers_are_read_from_forms_that_are_too_long(): void {
  expect(decode("cf0000000000000005").asI64(), 5);
  expect(decode("d3ffffffffffffffff").asI64(), -1);
  expect(decode("d00a").asU64(), 10);
}

export function floats_come_back_whole(): void {
  float(0.1, "cb3fb999999999999a");
  float(-0.0, "cb8000000000000000");
  float(f64.MAX_VALUE, "cb7fefffffffffffff");
  float(Infinity, "cb7ff0000000000000");
  expect(decode("ca3fc00000").asF64(), 1.5);
  assert(isNaN(decode("cb7ff8000000000000").asF64()));
}

function float(value: f64, encoded: string): void {
  expect(hex(JsonValue.of(value).encode()), encoded);
  expect(reinterpret<u64>(decode(encoded).asF64(42)), reinterpret<u64>(value));
}

export function strings_of_every_size_come_back(): void {
  const sizes = [0, 1, 31, 32, 255, 256, 65535, 65536];
  const heads = ["a0", "a1", "bf", "d920", "d9ff", "da0100", "daffff", "db00010000"];
  for (let i = 0; i < sizes.length; i++) {
    const text = "x".repeat(sizes[i]);
    const bytes = JsonValue.of(text).encode();
    assert(hex(bytes.subarray(0, 5)).startsWith(heads[i]), heads[i]);
    expect(JsonValue.decode(bytes).value.asString("none"), text);
  }
}

export function text_beyond_ascii_comes_back_and_lone_surrogates_are_replaced(): void {
  expect(hex(JsonValue.of("é🦣").encode()), "a6c3a9f09fa6a3");
  expect(decode("a6c3a9f09fa6a3").asString(), "é🦣");
  expect(hex(JsonValue.of("a\uD800z").encode()), "a561efbfbd7a");
  expect(hex(JsonValue.of("\uDC00").encode()), "a3efbfbd");
}

export function bytes_of_every_size_come_back(): void {
  const sizes = [0, 1, 255, 256, 65535, 65536];
  const heads = ["c400", "c401", "c4ff", "c50100", "c5ffff", "c600010000"];
  for (let i = 0; i < sizes.length; i++) {
    const bytes = new Uint8Array(sizes[i]).fill(7);
    const encoded = JsonValue.of(bytes).encode();
    assert(hex(encoded.subarray(0, 5)).startsWith(heads[i]), heads[i]);
    const decoded = JsonValue.decode(encoded).value;
    expect<i32>(decoded.kind, JsonKind.Bytes);
    expect(hex(decoded.asBytes()), hex(bytes));
  }
}

export function arrays_and_objects_of_every_size_come_back(): void {
  const sizes = [0, 15, 16, 65535, 65536];
  const arrays = ["90", "9f", "dc0010", "dcffff", "dd00010000"];
  const objects = ["80", "8f", "de0010", "deffff", "df00010000"];
  for (let i = 0; i < sizes.length; i++) {
    const array = JsonValue.array();
    const object = JsonValue.object();
    for (let j = 0; j < sizes[i]; j++) {
      array.push(j);
      object.set(j.toString(), j);
    }
    const first = array.encode();
    const second = object.encode();
    assert(hex(first.subarray(0, 5)).startsWith(arrays[i]), arrays[i]);
    assert(hex(second.subarray(0, 5)).startsWith(objects[i]), objects[i]);
    expect(hex(JsonValue.decode(first).value.encode()), hex(first));
    expect(hex(JsonValue.decode(second).value.encode()), hex(second));
  }
}

export function members_keep_their_order(): void {
  const object = decode("83a162c2a161c0a163c3");
  expect(object.keys.join(","), "b,a,c");
  expect(hex(object.set("a", true).encode()), "83a162c2a161c3a163c3");
}

export function a_value_is_128_deep_and_no_deeper(): void {
  const arrays = "91".repeat(128);
  const objects = "81a161".repeat(128);
  expect(hex(decode(arrays + "c0").encode()), arrays + "c0");
  expect(hex(decode(objects + "c0").encode()), objects + "c0");
  refuse("91" + arrays + "c0", "nested deeper than 128");
  refuse("81a161" + objects + "c0", "nested deeper than 128");
  refuse(arrays + "90", "nested deeper than 128");
}

export function traps_when_what_is_encoded_contains_itself(): void {
  const array = JsonValue.array();
  array.push(array);
  array.encode();
}

export function every_part_of_a_value_is_refused(): void {
  const whole =
    "8ba161c3a162cc80a163cd0100a164ce00010000a165cf0000000100000000a166d1ff7f" +
    "a167ca3fc00000a168cb3fb999999999999aa169d90161a16ac40100a16bdc000193c0de0001da000161c0a0";
  expect(decode(whole).length, 11);
  for (let i = 0; i < whole.length; i += 2) refuse(whole.substring(0, i), "");
}

export function a_length_is_believed_only_if_the_bytes_are_there(): void {
  refuse("c6ffffffff", "ends early");
  refuse("dbffffffff61", "ends early");
  refuse("ddffffffff", "ends early");
  refuse("dfffffffff", "ends early");
  refuse("dd7fffffffc0", "ends early");
  refuse("df7fffffffa161c0", "ends early");
  refuse("dc0002c0", "ends early");
  refuse("82a161c0", "ends early");
}

export function what_is_no_json_is_refused(): void {
  refuse("c1", "0xc1 is no value at byte 0");
  refuse("d40100", "an extension type is no JSON value at byte 0");
  refuse("c7010000", "extension");
  refuse("c800010000", "extension");
  refuse("c90000000100", "extension");
  refuse("92c0d8" + "00".repeat(17), "an extension type is no JSON value at byte 2");
  refuse("8101c0", "a key should be a string");
  refuse("81c0c0", "a key should be a string");
  refuse("81c40161c0", "a key should be a string");
  refuse("82a161c0a161c0", "a key stands twice at byte 4");
  refuse("82a161c0d90161c0", "a key stands twice");
  refuse("c0c0", "something stands after the value at byte 1");
  refuse("a3616263ff", "something stands after the value");
}

export function strings_are_utf8(): void {
  const bad = [
    "80",
    "bf",
    "c080",
    "c1bf",
    "c3",
    "e0a0",
    "e08080",
    "e09f80",
    "eda080",
    "edbfbf",
    "f08080",
    "f0808080",
  ];
  const worse = ["f08f8080", "f4908080", "f5808080", "ff", "c328", "e28128", "f0288c28", "61c3", "f09fa6"];
  const all = bad.concat(worse);
  for (let i = 0; i < all.length; i++) {
    const length = all[i].length / 2;
    refuse("d9" + length.toString(16).padStart(2, "0") + all[i], "a string is not UTF-8");
    refuse("81d9" + length.toString(16).padStart(2, "0") + all[i] + "c0", "a string is not UTF-8");
  }
  expect(decode("a4f48fbfbf").asString(), "\u{10FFFF}");
  expect(decode("a3ed9fbf").asString(), "\uD7FF");
}

function decode(encoded: string): JsonValue {
  return JsonValue.decode(unhex(encoded)).value;
}

function refuse(encoded: string, reason: string): void {
  const result = JsonValue.decode(unhex(encoded));
  assert(result.isErr, `${encoded} is taken`);
  const message = result.error!.message;
  assert(message.includes(reason), `${encoded}: ${message}`);
}
