import { JsonKind, JsonValue } from "tusk-plugin-as";
import { expect } from "./expect";

export function values_are_made_of_what_there_is(): void {
  expect<i32>(JsonValue.of(<u8>200).kind, JsonKind.I64);
  expect<i32>(JsonValue.of(<f32>0.5).kind, JsonKind.F64);
  expect<i32>(JsonValue.of(false).kind, JsonKind.Bool);
  expect<i32>(JsonValue.of("").kind, JsonKind.String);
  expect<i32>(JsonValue.of(new Uint8Array(0)).kind, JsonKind.Bytes);
  expect<i32>(JsonValue.of<string | null>(null).kind, JsonKind.Null);
  expect(JsonValue.of<string | null>("a").asString(), "a");
  expect(JsonValue.of([[1, 2], [3]]).toString(), "[[1,2],[3]]");
  expect(JsonValue.of(["a"]).toString(), '["a"]');
  const map = new Map<string, JsonValue>();
  map.set("a", JsonValue.of(1));
  expect(JsonValue.of(map).toString(), '{"a":1}');
}

export function reading_what_is_missing_gives_null_and_what_stands_in(): void {
  const value = JsonValue.object().set("a", JsonValue.array().push(7));
  expect(value.get("a").at(0).asI64(), 7);
  assert(value.get("b").get("c").at(3).get("d").isNull);
  assert(value.get("a").at(-1).isNull);
  assert(value.get("a").at(1).isNull);
  expect(value.get("b").asString("x"), "x");
  expect(value.get("b").asI64(-1), -1);
  expect(value.get("b").asU64(9), 9);
  expect(value.get("b").asF64(0.5), 0.5);
  expect(value.get("b").asBool(true), true);
  expect(value.get("b").asBytes().length, 0);
  expect(value.get("b").elements.length, 0);
  expect(value.get("b").keys.length, 0);
  expect(value.length, 1);
  expect(value.has("a"), true);
  expect(value.has("b"), false);
}

export function numbers_are_read_as_what_they_fit(): void {
  expect(JsonValue.of(-1).asU64(5), 5);
  expect(JsonValue.of(-1).asF64(), -1.0);
  expect(JsonValue.of(u64.MAX_VALUE).asI64(5), 5);
  expect(JsonValue.of(u64.MAX_VALUE).asF64(), 18446744073709551616.0);
  expect(JsonValue.of(1.0).asI64(5), 1);
  expect(JsonValue.of(-1099511627776.0).asI64(5), -1099511627776);
  expect(JsonValue.of(1.5).asI64(5), 5);
  expect(JsonValue.of(1e300).asI64(5), 5);
  expect(JsonValue.of(NaN).asI64(5), 5);
  expect(JsonValue.of(2.0).asU64(5), 2);
  expect(JsonValue.of(-2.0).asU64(5), 5);
  assert(JsonValue.of(1.0).isNumber && JsonValue.of(1).isNumber && JsonValue.of(u64.MAX_VALUE).isInteger);
}

export function setting_again_replaces_and_keeps_the_place(): void {
  expect(JsonValue.object().set("a", 1).set("b", 2).set("a", 3).toString(), '{"a":3,"b":2}');
}

export function traps_when_a_member_is_set_in_an_array(): void {
  JsonValue.array().set("a", 1);
}

export function traps_when_something_is_pushed_to_null(): void {
  JsonValue.null().push(1);
}
