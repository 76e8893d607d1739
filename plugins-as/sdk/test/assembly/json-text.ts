import { JsonKind, JsonValue } from "tusk-plugin-as";
import { parseDecimal } from "tusk-plugin-as/json/decimal";
import { expect } from "./expect";

export function values_are_written_as_json_text(): void {
  written(JsonValue.null(), "null");
  written(JsonValue.of(true), "true");
  written(JsonValue.of(i64.MIN_VALUE), "-9223372036854775808");
  written(JsonValue.of(u64.MAX_VALUE), "18446744073709551615");
  written(JsonValue.of(0.1), "0.1");
  written(JsonValue.of(1e21), "1e+21");
  written(JsonValue.of(NaN), "null");
  written(JsonValue.of(-Infinity), "null");
  written(JsonValue.array(), "[]");
  written(JsonValue.object(), "{}");
  written(JsonValue.array().push(1).push("a").push(JsonValue.array()), '[1,"a",[]]');
  written(JsonValue.object().set("b", 1).set("a", JsonValue.null()), '{"b":1,"a":null}');
}

export function strings_are_escaped_where_they_must_be(): void {
  written(
    JsonValue.of('"\\/\b\f\n\r\t\u0001\u001f\u007f'),
    '"\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\u007f"',
  );
  written(JsonValue.of("é🦣\u2028"), '"é🦣\u2028"');
  written(JsonValue.object().set('a"b', 1), '{"a\\"b":1}');
}

export function bytes_become_base64(): void {
  const bytes = new Uint8Array(5);
  for (let i = 0; i < 5; i++) bytes[i] = <u8>(250 + i);
  written(JsonValue.of(bytes), '"+vv8/f4="');
  written(JsonValue.of(bytes.slice(0, 4)), '"+vv8/Q=="');
  written(JsonValue.of(bytes.slice(0, 3)), '"+vv8"');
  written(JsonValue.of(bytes.slice(0, 0)), '""');
}

function written(value: JsonValue, text: string): void {
  expect(value.toString(), text);
}

export function json_text_is_read(): void {
  const value = parse(
    ' { "a" : [ 1 , -2.5e3 , "x" , true , false , null , { } , [ ] ] , "" : { "b" : 0 } } \n\t\r',
  );
  expect(value.toString(), '{"a":[1,-2500.0,"x",true,false,null,{},[]],"":{"b":0}}');
}

export function integers_of_64_bits_are_read_exactly_and_larger_ones_as_floats(): void {
  expect(parse("9223372036854775807").asI64(), i64.MAX_VALUE);
  expect(parse("-9223372036854775808").asI64(), i64.MIN_VALUE);
  expect(parse("18446744073709551615").asU64(), u64.MAX_VALUE);
  expect<i32>(parse("18446744073709551616").kind, JsonKind.F64);
  expect<i32>(parse("-9223372036854775809").kind, JsonKind.F64);
  expect<i32>(parse("99999999999999999999").kind, JsonKind.F64);
  expect<i32>(parse("1.0").kind, JsonKind.F64);
  expect<i32>(parse("1e0").kind, JsonKind.F64);
}

export function escapes_are_read(): void {
  expect(parse('"\\"\\\\\\/\\b\\f\\n\\r\\t"').asString(), '"\\/\b\f\n\r\t');
  expect(parse('"a\\u00e9\\uD83e\\udda3z"').asString(), "aé🦣z");
  expect(parse('"\\u0000"').asString().length, 1);
}

export function what_is_no_json_text_is_refused(): void {
  const texts = [
    "",
    " ",
    "nul",
    "nulll",
    "True",
    "[",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "{",
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    "{a:1}",
    "{1:1}",
    "{'a':1}",
    '"',
    '"a',
    '"\\',
    '"\\x"',
    '"\\u12"',
    '"\\u12g4"',
    '"a\nb"',
    '"\t"',
    "01",
    "-",
    "-a",
    "1.",
    ".5",
    "1e",
    "1e+",
    "+1",
    "0x1",
    "NaN",
    "Infinity",
    "1 2",
    "[] []",
    "//",
    "\u00a01",
    '{"a":1,"a":2}',
    "]",
    "}",
    ",",
  ];
  for (let i = 0; i < texts.length; i++) {
    const result = JsonValue.parse(texts[i]);
    assert(result.isErr, `${texts[i]} is taken`);
    assert(result.error!.message.startsWith("not JSON: "), result.error!.message);
  }
}

export function text_is_128_deep_and_no_deeper(): void {
  expect(parse("[".repeat(128) + "]".repeat(128)).length, 1);
  assert(JsonValue.parse("[".repeat(129) + "]".repeat(129)).isErr);
  assert(JsonValue.parse('{"a":'.repeat(129) + "1" + "}".repeat(129)).isErr);
}

function parse(text: string): JsonValue {
  return JsonValue.parse(text).value;
}

/** For the runner, which compares it with JavaScript's own reading. */
export function reads_decimal(start: usize, length: usize): f64 {
  const text = String.UTF8.decodeUnsafe(start, length);
  heap.free(start);
  return parseDecimal(text);
}
