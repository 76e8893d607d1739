// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { Result } from "../result";
import { JsonKind } from "./json-kind";
import { decodeMsgpack } from "./msgpack-decoder";
import { encodeMsgpack } from "./msgpack-encoder";
import { parseJsonText } from "./text-parser";
import { writeJsonText } from "./text-writer";
import { decode, encode } from "./typed/codec";

/**
 * A JSON value: settings, parameters, rows, claims.
 *
 * ```ts
 * JsonValue.object().set("status", "healthy").set("uptime", 12.5).set("tags", ["a", "b"]);
 * settings.get("server").get("port").asI64(8080);
 * ```
 *
 * Reading never fails: what is missing is null, and each `as…` takes what stands in for a value of another
 * kind. Objects keep the order in which their keys were set. Bytes have no place in JSON text, but they do
 * in the MessagePack in which values cross to the host.
 */
@final
export class JsonValue {
  private bits: u64 = 0;
  // A string, a Uint8Array, a JsonValue[] or a Map<string, JsonValue>, as `kind` says.
  private content: Object | null = null;

  private constructor(readonly kind: JsonKind) {}

  static null(): JsonValue {
    if (!theNull) theNull = JsonValue.scalar(JsonKind.Null, 0);
    return theNull!;
  }

  /** An empty object, to be filled by `set`. */
  static object(): JsonValue {
    return JsonValue.containing(JsonKind.Object, changetype<Object>(new Map<string, JsonValue>()));
  }

  /** An empty array, to be filled by `push`. */
  static array(): JsonValue {
    return JsonValue.containing(JsonKind.Array, changetype<Object>(new Array<JsonValue>()));
  }

  /**
   * The value for a boolean, number, string, `Uint8Array`, `JsonValue`, object of a class that is `@json`, or an array
   * or string map of such.
   */
  static of<T>(value: T): JsonValue {
    if (isNullable<T>()) {
      return value === null ? JsonValue.null() : JsonValue.of<NonNullable<T>>(value!);
    } else if (isBoolean<T>()) {
      return JsonValue.ofBool(value);
    } else if (isInteger<T>()) {
      return isSigned<T>() ? JsonValue.ofI64(<i64>value) : JsonValue.ofU64(<u64>value);
    } else if (isFloat<T>()) {
      return JsonValue.scalar(JsonKind.F64, reinterpret<u64>(<f64>value));
    } else if (isString<T>()) {
      return JsonValue.containing(JsonKind.String, changetype<Object>(value));
    } else if (value instanceof JsonValue) {
      return value;
    } else if (value instanceof Uint8Array) {
      return JsonValue.containing(JsonKind.Bytes, changetype<Object>(value));
    } else if (value instanceof Array<JsonValue>) {
      return JsonValue.containing(JsonKind.Array, changetype<Object>(value));
    } else if (value instanceof Map<string, JsonValue>) {
      return JsonValue.containing(JsonKind.Object, changetype<Object>(value));
    } else if (isArray<T>()) {
      const array = JsonValue.array();
      for (let i = 0, n = value.length; i < n; i++) array.push(value[i]);
      return array;
    } else {
      return JsonValue.decode(encode<T>(value)).value;
    }
  }

  private static ofBool(value: bool): JsonValue {
    if (!theTrue) theTrue = JsonValue.scalar(JsonKind.Bool, 1);
    if (!theFalse) theFalse = JsonValue.scalar(JsonKind.Bool, 0);
    return value ? theTrue! : theFalse!;
  }

  private static ofI64(value: i64): JsonValue {
    return JsonValue.scalar(JsonKind.I64, <u64>value);
  }

  private static ofU64(value: u64): JsonValue {
    return JsonValue.scalar(<i64>value >= 0 ? JsonKind.I64 : JsonKind.U64, value);
  }

  private static scalar(kind: JsonKind, bits: u64): JsonValue {
    const value = new JsonValue(kind);
    value.bits = bits;
    return value;
  }

  private static containing(kind: JsonKind, content: Object): JsonValue {
    const value = new JsonValue(kind);
    value.content = content;
    return value;
  }

  /** Sets a member of this object and returns the object. Traps if this is no object. */
  set<T>(key: string, value: T): JsonValue {
    assert(this.kind == JsonKind.Object, "set: this JsonValue is not an object");
    changetype<Map<string, JsonValue>>(this.content).set(key, JsonValue.of<T>(value));
    return this;
  }

  /** Appends an element to this array and returns the array. Traps if this is no array. */
  push<T>(value: T): JsonValue {
    assert(this.kind == JsonKind.Array, "push: this JsonValue is not an array");
    changetype<Array<JsonValue>>(this.content).push(JsonValue.of<T>(value));
    return this;
  }

  get isNull(): bool {
    return this.kind == JsonKind.Null;
  }

  get isBool(): bool {
    return this.kind == JsonKind.Bool;
  }

  get isInteger(): bool {
    return this.kind == JsonKind.I64 || this.kind == JsonKind.U64;
  }

  /** Whether this is an integer or a float. */
  get isNumber(): bool {
    return this.isInteger || this.kind == JsonKind.F64;
  }

  get isString(): bool {
    return this.kind == JsonKind.String;
  }

  get isBytes(): bool {
    return this.kind == JsonKind.Bytes;
  }

  get isArray(): bool {
    return this.kind == JsonKind.Array;
  }

  get isObject(): bool {
    return this.kind == JsonKind.Object;
  }

  asBool(otherwise: bool = false): bool {
    return this.isBool ? this.bits != 0 : otherwise;
  }

  /** An integer that fits, or a float that is a whole number up to 2⁵³. */
  asI64(otherwise: i64 = 0): i64 {
    if (this.isWholeFloat) return <i64>this.asF64();
    return this.kind == JsonKind.I64 ? <i64>this.bits : otherwise;
  }

  /** An integer that fits, or a float that is a whole number up to 2⁵³. */
  asU64(otherwise: u64 = 0): u64 {
    if (this.isWholeFloat) return this.asF64() < 0 ? otherwise : <u64>this.asF64();
    return this.kind == JsonKind.U64 || (this.kind == JsonKind.I64 && <i64>this.bits >= 0)
      ? this.bits
      : otherwise;
  }

  // JavaScript has but one kind of number, and some of its encoders make floats of large integers.
  private get isWholeFloat(): bool {
    if (this.kind != JsonKind.F64) return false;
    const value = this.asF64();
    return Math.trunc(value) == value && Math.abs(value) <= 9007199254740992;
  }

  /** Any number, an integer above 2⁵³ rounded. */
  asF64(otherwise: f64 = 0): f64 {
    switch (this.kind) {
      case JsonKind.I64:
        return <f64>(<i64>this.bits);
      case JsonKind.U64:
        return <f64>this.bits;
      case JsonKind.F64:
        return reinterpret<f64>(this.bits);
      default:
        return otherwise;
    }
  }

  asString(otherwise: string = ""): string {
    return this.isString ? changetype<string>(this.content) : otherwise;
  }

  /** The bytes themselves, not a copy; none if this is something else. */
  asBytes(): Uint8Array {
    return this.isBytes ? changetype<Uint8Array>(this.content) : new Uint8Array(0);
  }

  /** How many elements or members there are; 0 for anything but an array or an object. */
  get length(): i32 {
    if (this.isArray) return this.elements.length;
    return this.isObject ? this.members.size : 0;
  }

  /** The elements themselves, not a copy; none if this is no array. */
  get elements(): JsonValue[] {
    return this.isArray ? changetype<Array<JsonValue>>(this.content) : [];
  }

  /** The element at an index, or null. */
  at(index: i32): JsonValue {
    const elements = this.elements;
    return index >= 0 && index < elements.length ? elements[index] : JsonValue.null();
  }

  /** The member of a name, or null. */
  get(key: string): JsonValue {
    const members = this.members;
    return members.has(key) ? members.get(key) : JsonValue.null();
  }

  has(key: string): bool {
    return this.members.has(key);
  }

  /** The names of the members, in their order; none if this is no object. */
  get keys(): string[] {
    return this.members.keys();
  }

  /** The members themselves, not a copy; none if this is no object. */
  get members(): Map<string, JsonValue> {
    return this.isObject ? changetype<Map<string, JsonValue>>(this.content) : new Map<string, JsonValue>();
  }

  /** JSON text. Bytes become a string in base64, numbers that JSON does not have become null. */
  toString(): string {
    return String.UTF8.decode(this.toUtf8().buffer);
  }

  /** JSON text in UTF-8. */
  toUtf8(): Uint8Array {
    return writeJsonText(this);
  }

  /** Reads JSON text: one value of at most 128 levels, without a key that stands twice. */
  static parse(text: string): Result<JsonValue> {
    return parseJsonText(text);
  }

  /** The value as a class that is `@json`, or whatever else `decode` reads. */
  to<T>(): Result<T> {
    return decode<T>(this.encode());
  }

  /** The value in MessagePack. Traps if it is nested deeper than 128. */
  encode(): Uint8Array {
    return encodeMsgpack(this);
  }

  /** Reads exactly one value in MessagePack: at most 128 levels, no key twice, no `ext`. */
  static decode(bytes: Uint8Array): Result<JsonValue> {
    return decodeMsgpack(bytes.dataStart, bytes.byteLength);
  }
}

// These three have no content that could change, so one of each will do. They are made when they are first needed,
// for nothing of the SDK runs before the plugin: see `abort`.
let theNull: JsonValue | null = null;
let theTrue: JsonValue | null = null;
let theFalse: JsonValue | null = null;
