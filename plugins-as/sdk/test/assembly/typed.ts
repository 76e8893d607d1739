import { decode, decodeJson, encode, encodeJson, JsonValue } from "tusk-plugin-as";
import { expect, hex, unhex } from "./expect";
import { Direction } from "./typed-enum";
import Visit from "./typed-shapes";
import { Account, Level } from "./typed-shapes";

@json
class Numbers {
  a: i8 = 0;
  b: u8 = 0;
  c: i16 = 0;
  d: u16 = 0;
  e: i32 = 0;
  f: u32 = 0;
  g: i64 = 0;
  h: u64 = 0;
  i: f32 = 0;
  j: f64 = 0;
  k: bool = false;
  l: usize = 0;
}

export function numbers_of_every_type_come_back_at_both_ends(): void {
  const least = new Numbers();
  least.a = i8.MIN_VALUE;
  least.c = i16.MIN_VALUE;
  least.e = i32.MIN_VALUE;
  least.g = i64.MIN_VALUE;
  least.i = -f32.MAX_VALUE;
  least.j = -f64.MAX_VALUE;
  const most = new Numbers();
  most.a = i8.MAX_VALUE;
  most.b = u8.MAX_VALUE;
  most.c = i16.MAX_VALUE;
  most.d = u16.MAX_VALUE;
  most.e = i32.MAX_VALUE;
  most.f = u32.MAX_VALUE;
  most.g = i64.MAX_VALUE;
  most.h = u64.MAX_VALUE;
  most.i = f32.MAX_VALUE;
  most.j = f64.MAX_VALUE;
  most.k = true;
  most.l = usize.MAX_VALUE;
  numbersComeBack(least);
  numbersComeBack(most);
  numbersComeBack(new Numbers());
}

function numbersComeBack(numbers: Numbers): void {
  const bytes = encode(numbers);
  expect(hex(encode(decode<Numbers>(bytes).value)), hex(bytes));
  // As short as the encoder of values makes them.
  expect(hex(JsonValue.decode(bytes).value.encode()), hex(bytes));
}

export function a_number_that_does_not_fit_says_what_would(): void {
  refuse<Numbers>('{"a":128}', "a: expected a whole number from -128 to 127, found 128");
  refuse<Numbers>('{"a":-129}', "a: expected a whole number from -128 to 127, found -129");
  refuse<Numbers>('{"b":-1}', "b: expected a whole number from 0 to 255, found -1");
  refuse<Numbers>('{"b":256}', "b: expected a whole number from 0 to 255, found 256");
  refuse<Numbers>('{"c":-32769}', "c: expected a whole number from -32768 to 32767, found -32769");
  refuse<Numbers>('{"d":65536}', "d: expected a whole number from 0 to 65535, found 65536");
  refuse<Numbers>(
    '{"e":2147483648}',
    "e: expected a whole number from -2147483648 to 2147483647, found 2147483648",
  );
  refuse<Numbers>('{"f":-1}', "f: expected a whole number from 0 to 4294967295, found -1");
  refuse<Numbers>(
    '{"g":9223372036854775808}',
    "g: expected a whole number from -9223372036854775808 to 9223372036854775807, found 9223372036854775808",
  );
  refuse<Numbers>('{"h":-1}', "h: expected a whole number from 0 to 18446744073709551615, found -1");
  refuse<Numbers>('{"e":1.5}', "e: expected a whole number from -2147483648 to 2147483647, found 1.5");
  refuse<Numbers>('{"e":"x"}', 'e: expected a whole number from -2147483648 to 2147483647, found "x"');
  refuse<Numbers>('{"i":1e300}', "i: expected a number that fits into 32 bits, found 1e+300");
  refuse<Numbers>('{"j":null}', "j: expected a number, found null");
  refuse<Numbers>('{"k":1}', "k: expected true or false, found 1");
}

export function whole_floats_are_whole_numbers(): void {
  expect(decode<u8>(unhex("cb406fe00000000000")).value, 255);
  expect(decode<i8>(unhex("cbc060000000000000")).value, -128);
  expect(decode<i64>(unhex("cbc340000000000000")).value, -9007199254740992);
  assert(decode<u8>(unhex("cb4070000000000000")).isErr);
  assert(decode<i64>(unhex("cb7ff8000000000000")).isErr);
  assert(decode<i64>(unhex("cb7ff0000000000000")).isErr);
  expect(decode<f64>(unhex("cfffffffffffffffff")).value, 18446744073709551616.0);
}

@json
class Address {
  street: string;
  city: string = "Paris";
}

@json
class User {
  id: i64;
  name: string = "Ada";
  @json.name("e-mail") email: string = "";
  tags: string[] = [];
  address: Address | null = null;
  @json.optional age: u8;
  nickname: string | null;
  friends: User[] = [];
  @json.skip secret: string = "unseen";
}

export function what_is_missing_is_the_default(): void {
  const user = parse<User>('{"id":7}');
  expect(user.id, 7);
  expect(user.name, "Ada");
  expect(user.email, "");
  expect(user.tags.length, 0);
  assert(user.address === null);
  expect(user.age, 0);
  assert(user.nickname === null);
  expect(user.secret, "unseen");
}

export function a_field_without_a_default_is_required(): void {
  refuse<User>(
    "{}",
    "id: expected a whole number from -9223372036854775808 to 9223372036854775807, found nothing",
  );
  refuse<User>('{"id":1,"address":{}}', "address.street: expected a string, found nothing");
}

export function classes_stand_in_classes_and_arrays(): void {
  const text =
    '{"id":1,"friends":[{"id":2,"address":{"street":"a"}},{"id":3,"nickname":"Bo","e-mail":"b@c"}]}';
  const user = parse<User>(text);
  expect(user.friends[0].address!.street, "a");
  expect(user.friends[1].nickname!, "Bo");
  expect(user.friends[1].email, "b@c");
  expect(
    encodeJson(user.friends[1]),
    '{"id":3,"name":"Ada","e-mail":"b@c","tags":[],"address":null,"age":0,"nickname":"Bo","friends":[]}',
  );
}

export function an_error_names_the_way_to_it(): void {
  refuse<User>(
    '{"id":1,"friends":[{"id":1},{"id":2,"age":"x"}]}',
    'friends[1].age: expected a whole number from 0 to 255, found "x"',
  );
  refuse<User>('{"id":1,"tags":["a",null]}', "tags[1]: expected a string, found null");
  refuse<User>('{"id":1,"e-mail":[]}', '["e-mail"]: expected a string, found an array');
  refuse<User>('{"id":1,"tags":{}}', "tags: expected an array, found an object");
  refuse<User>('{"id":1,"address":[1]}', "address: expected an object, found an array");
  refuse<User>("[]", "expected an object, found an array");
  refuse<User[]>('[{"id":1},7]', "[1]: expected an object, found 7");
  refuse<Map<string, u8[]>>(
    '{"a":[1],"b c":[2,-3]}',
    '["b c"][1]: expected a whole number from 0 to 255, found -3',
  );
  refuse<string>(`"${"x".repeat(3)}`, "not JSON: it ends early");
  refuse<i32>('"a\\nb\\"c"', 'expected a whole number from -2147483648 to 2147483647, found "a\\u000ab\\"c"');
  refuse<i32>(`"${"x".repeat(80)}"`, `found "${"x".repeat(40)}…`);
}

export function a_field_stands_only_once(): void {
  // {"id":1,"id":2}
  const twice = decode<User>(unhex("82a2696401a2696402"));
  expect(twice.error!.message, "id: it stands twice");
  // {"a":1,"a":2}
  expect(decode<Map<string, i32>>(unhex("82a16101a16102")).error!.message, '"a" stands twice');
}

@json({ unknown: "refuse", names: "snake_case" })
class Settings {
  firstDelayMs: u32 = 250;
  maxDelayMS: u32 = 5000;
  webhookURL: string = "";
  already_so: bool = false;
}

@json({ names: "kebab-case" })
class Kebab {
  firstDelayMs: u32 = 0;
}

export function keys_that_no_field_has_are_passed_over_or_refused(): void {
  expect(parse<User>('{"x":[[{"y":[1,{}]}]],"id":1,"z":"text"}').id, 1);
  refuse<Settings>(
    '{"first_delay_ms":1,"frist_delay_ms":2}',
    'there is no "frist_delay_ms", only "first_delay_ms", "max_delay_ms", "webhook_url", "already_so"',
  );
  refuse<Settings[]>('[{},{"a\\u0000b":1}]', '[1]: there is no "a\\u0000b", only ');
}

export function names_are_written_as_the_class_says(): void {
  expect(
    encodeJson(new Settings()),
    '{"first_delay_ms":250,"max_delay_ms":5000,"webhook_url":"","already_so":false}',
  );
  expect(encodeJson(parse<Kebab>('{"first-delay-ms":3}')), '{"first-delay-ms":3}');
}

enum Color {
  Red,
  DarkGreen = 7,
}

@json
class Painted {
  color: Color;
  others: Color[] = [];
  byName: Map<string, Color[]> = new Map();
  @json.as("kebab-case") kebab: Color = Color.Red;
  @json.as("snake_case") snake: Color[][] = [];
  @json.as("number") number: Color = Color.Red;
  direction: Direction = Direction.Up;
}

export function enums_are_read_by_the_names_of_their_members(): void {
  const text =
    '{"color":"DarkGreen","others":["Red","DarkGreen"],"byName":{"a":["Red"]},"kebab":"dark-green",' +
    '"snake":[["dark_green"],[]],"number":7,"direction":"Down"}';
  const painted = parse<Painted>(text);
  expect<i32>(painted.color, Color.DarkGreen);
  expect<i32>(painted.others[1], Color.DarkGreen);
  expect<i32>(painted.byName.get("a")[0], Color.Red);
  expect<i32>(painted.direction, Direction.Down);
  expect(encodeJson(painted), text);
}

export function what_is_no_member_of_an_enum_is_refused(): void {
  refuse<Painted>('{"color":"Green"}', 'color: expected "Red" or "DarkGreen", found "Green"');
  refuse<Painted>('{"color":0}', 'color: expected "Red" or "DarkGreen", found 0');
  refuse<Painted>("{}", 'color: expected "Red" or "DarkGreen", found nothing');
  refuse<Painted>(
    '{"color":"Red","others":["Rot"]}',
    'others[0]: expected "Red" or "DarkGreen", found "Rot"',
  );
  refuse<Painted>(
    '{"color":"Red","kebab":"DarkGreen"}',
    'kebab: expected "red" or "dark-green", found "DarkGreen"',
  );
  refuse<Painted>('{"color":"Red","number":1}', "number: expected 0 or 7, found 1");
  refuse<Painted>('{"color":"Red","direction":"left"}', 'direction: expected "Up" or "Down", found "left"');
}

export function traps_when_no_member_of_an_enum_is_written(): void {
  const painted = new Painted();
  painted.color = <Color>3;
  encode(painted);
}

@json
class Everything {
  bytes: Uint8Array = new Uint8Array(0);
  buffer: ArrayBuffer | null = null;
  value: JsonValue = JsonValue.null();
  values: JsonValue[] = [];
  maybe: JsonValue | null = null;
  grid: f64[][] = [];
  names: (string | null)[] = [];
  users: Map<string, Address | null> = new Map<string, Address | null>();
  nested: Map<string, Map<string, i16>> = new Map<string, Map<string, i16>>();
  readonly id: i32 = 1;
  readonly title: string = "none";
}

export function every_kind_of_field_comes_back(): void {
  const everything = new Everything();
  everything.bytes = unhex("00ff");
  everything.buffer = unhex("0102").buffer;
  everything.value = JsonValue.object().set("a", [1, 2]);
  everything.values = [JsonValue.of("x"), JsonValue.null()];
  everything.grid = [[1.5], [], [-0.0, 2]];
  everything.names = ["a", null];
  everything.users.set("none", null).set("one", new Address());
  everything.users.get("one")!.street = "s";
  everything.nested.set("x", new Map<string, i16>().set("y", -300));
  const bytes = encode(everything);
  const back = decode<Everything>(bytes).value;
  expect(hex(encode(back)), hex(bytes));
  expect(hex(back.bytes), "00ff");
  expect(hex(Uint8Array.wrap(back.buffer!)), "0102");
  expect(back.value.get("a").at(1).asI64(), 2);
  assert(back.maybe === null);
  assert(back.names[1] === null);
  assert(back.users.get("none") === null);
  expect(back.users.get("one")!.street, "s");
  expect(back.nested.get("x").get("y"), -300);
  expect(JsonValue.decode(bytes).value.encode().length, bytes.length);
}

export function fields_that_are_read_only_are_read(): void {
  const everything = parse<Everything>('{"id":5,"title":"given"}');
  expect(everything.id, 5);
  __collect();
  expect(everything.title, "given");
}

export function bytes_are_no_text_and_text_is_no_bytes(): void {
  refuse<Everything>('{"bytes":"AP8="}', 'bytes: expected bytes, found "AP8="');
  expect(decode<string>(unhex("c40161")).error!.message, "expected a string, found bytes");
}

@json
class Shape {
  name: string;
  sides: i32 = 0;
  @json.skip seen: i32 = 0;
}

@json
class Square extends Shape {
  width: f64;
  constructor(
    sides: i32 = 4,
    public label: string = "square",
  ) {
    super();
    this.sides = sides;
  }
}

class Plain {
  area(): f64 {
    return 1;
  }
}

@json({ unknown: "refuse" })
class Extending extends Plain {
  x: i32 = 0;
}

@json({ unknown: "refuse" })
class Deeper extends Extending {
  y: i32 = 0;
}

export function fields_are_inherited(): void {
  const square = parse<Square>('{"width":2,"name":"s"}');
  expect(square.sides, 4);
  expect(encodeJson(square), '{"name":"s","sides":4,"width":2.0,"label":"square"}');
  refuse<Square>('{"width":2}', "name: expected a string, found nothing");
  refuse<Square>('{"name":"s"}', "width: expected a number, found nothing");
  refuse<Square>(
    '{"name":"s","width":1,"sides":""}',
    'sides: expected a whole number from -2147483648 to 2147483647, found ""',
  );
  expect(encodeJson<Shape>(square), '{"name":"s","sides":4,"width":2.0,"label":"square"}');
  expect(parse<Extending>('{"x":3}').x, 3);
  expect(parse<Deeper>('{"x":3,"y":4}').x, 3);
  refuse<Deeper>('{"z":1}', 'there is no "z", only "x", "y"');
}

@json
class Page<T> {
  items: T[] = [];
  first: T | null = null;
  total: u32;
}

@json
class Pair<A, B> {
  a: A;
  b: B;
}

export function classes_may_be_generic(): void {
  const page = parse<Page<Address>>('{"items":[{"street":"a"}],"total":1}');
  expect(page.items[0].city, "Paris");
  refuse<Page<Address>>('{"items":[{}],"total":1}', "items[0].street: expected a string, found nothing");
  const pair = parse<Pair<i8, Pair<string, bool>>>('{"a":-1,"b":{"a":"x","b":true}}');
  expect(pair.b.a, "x");
  expect(encodeJson(pair), '{"a":-1,"b":{"a":"x","b":true}}');
}

export function classes_of_other_files_have_enums_of_other_files(): void {
  const account = parse<Account>('{"level":"Gold","history":{"2020":["Silver"]}}');
  expect<i32>(account.level, Level.Gold);
  expect(parse<Visit>('{"at":1}').at, 1.0);
  expect(encodeJson([account]), '[{"level":"Gold","history":{"2020":["Silver"]}}]');
}

export function keys_of_every_length_are_told_apart(): void {
  const text =
    '{"":1,"a":2,"ab":3,"abc":4,"abcd":5,"abcde":6,"abcdefgh":7,"abcdefgi":8,"abcdefghijklmnop":9,"ÿÿÿÿ":10,"🦣":11,"a\\"\\\\":12}';
  expect(encodeJson(parse<Keys>(text)), text);
}

@json
class Keys {
  @json.name("") a: i32;
  @json.name("a") b: i32;
  @json.name("ab") c: i32;
  abc: i32;
  abcd: i32;
  abcde: i32;
  abcdefgh: i32;
  abcdefgi: i32;
  abcdefghijklmnop: i32;
  @json.name("ÿÿÿÿ") d: i32;
  @json.name("🦣") e: i32;
  @json.name('a"\\') f: i32;
}

export function typed_objects_are_values_and_values_typed_objects(): void {
  const user = parse<User>('{"id":1,"tags":["a"]}');
  expect(JsonValue.of(user).get("tags").at(0).asString(), "a");
  expect(JsonValue.array().push(user).push([user]).length, 2);
  expect(JsonValue.of(user).to<User>().value.tags[0], "a");
  const map = new Map<string, i32>();
  map.set("a", 1);
  expect(JsonValue.of(map).toString(), '{"a":1}');
}

export function what_stands_after_the_value_is_refused(): void {
  expect(
    decode<i32>(unhex("0102")).error!.message,
    "not a JSON value in MessagePack: something stands after the value at byte 1",
  );
}

@json
class Tree {
  children: Tree[] = [];
  next: Tree | null = null;
  any: JsonValue = JsonValue.null();
}

export function a_typed_value_is_128_deep_and_no_deeper(): void {
  // {"next":{"next":…}}
  const step = "81a46e657874";
  assert(decode<Tree>(unhex(step.repeat(128) + "c0")).isOk);
  tooDeep(step.repeat(128) + "80");
  tooDeep("81a86368696c6472656e91".repeat(65) + "80");
  tooDeep("81a3616e79" + "91".repeat(128));
  assert(decode<Tree>(unhex("81a3616e79" + "91".repeat(127) + "c0")).isOk);
  // What is passed over may be as deep as it likes.
  assert(decode<Tree>(unhex("81a178" + "91".repeat(100000) + "c0")).isOk);
}

function tooDeep(bytes: string): void {
  assert(decode<Tree>(unhex(bytes)).error!.message.includes("nested deeper than 128"));
}

export function traps_when_a_typed_object_contains_itself(): void {
  const tree = new Tree();
  tree.next = tree;
  encode(tree);
}

export function every_part_of_a_typed_value_is_refused(): void {
  const everything = new Everything();
  everything.bytes = unhex("00ff");
  everything.value = JsonValue.object().set("a", [1, 2]);
  everything.grid = [[1.5], [300]];
  everything.users.set("one", new Address());
  everything.users.get("one")!.street = "s";
  const bytes = encode(everything);
  for (let i = 0; i < bytes.length; i++) assert(decode<Everything>(bytes.slice(0, i)).isErr);
}

export function a_typed_length_is_believed_only_if_the_bytes_are_there(): void {
  const lengths = [
    "c6ffffffff",
    "dbffffffff61",
    "ddffffffff",
    "dfffffffff",
    "dd7fffffffc0",
    "df7fffffffa161c0",
    "dc0002c0",
  ];
  for (let i = 0; i < lengths.length; i++) {
    const bytes = unhex(lengths[i]);
    assert(decode<string>(bytes).isErr);
    assert(decode<Uint8Array>(bytes).isErr);
    assert(decode<i64[][]>(bytes).isErr);
    assert(decode<Map<string, i64>>(bytes).isErr);
    assert(decode<Tree>(bytes).isErr);
    assert(decode<Tree>(unhex("81a86368696c6472656e" + lengths[i])).isErr);
    assert(decode<Tree>(unhex("81a178" + lengths[i])).isErr);
  }
}

function parse<T>(text: string): T {
  return decodeJson<T>(text).value;
}

function refuse<T>(text: string, reason: string): void {
  const result = decodeJson<T>(text);
  assert(result.isErr, `${text} is taken`);
  const message = result.error!.message;
  assert(message.includes(reason), `${text}: ${message}`);
}

// What the test in TypeScript tries with whatever it thinks of.

@json
export class Sample {
  flag: bool;
  small: i8;
  large: u64;
  float: f64;
  single: f32;
  text: string;
  nothing: string | null;
  bytes: Uint8Array;
  numbers: i32[];
  color: Color;
  value: JsonValue;
  children: Map<string, Sample>;
  more: Sample[];
}

let answer: Uint8Array = new Uint8Array(0);

/** Reads a sample and writes it again: how many bytes stand at `reads_answer`, below 0 if they are why it was refused. */
export function reads_sample(start: usize, length: usize): i32 {
  const bytes = new Uint8Array(<i32>length);
  memory.copy(bytes.dataStart, start, length);
  if (length > 0) heap.free(start);
  const sample = decode<Sample>(bytes);
  answer = sample.isOk ? encode(sample.value) : Uint8Array.wrap(String.UTF8.encode(sample.error!.message));
  return sample.isOk ? answer.length : -answer.length;
}

export function reads_answer(): usize {
  return answer.dataStart;
}
