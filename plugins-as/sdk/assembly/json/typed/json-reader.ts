// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { JsonValue } from "../json-value";
import { MsgpackDecoder } from "../msgpack-decoder";
import { MsgpackCursor } from "./msgpack-cursor";
import { expectationOf } from "./expectation";
import { __NoEnum } from "./no-enum";
import { quoteText } from "./quote-text";

// For so many elements there is room before they have been seen. Arrays in arrays may all claim to be long.
const BELIEVED = 256;

/**
 * Reads MessagePack into what a type says. What the transform writes into classes calls it by its name, from
 * whatever module: so it is global.
 *
 * `E` is the class of an enum's members that the transform writes beside it, where `T` has an enum in it.
 */
@global
@final
export class __JsonReader extends MsgpackCursor {
  // Which fields of the object that is being read have been there.
  private seen: u64 = 0;

  read<T, E = __NoEnum>(): T {
    if (isNullable<T>()) {
      if (this.takeNull()) return changetype<T>(0);
      return changetype<T>(this.read<NonNullable<T>, E>());
    } else if (isBoolean<T>()) {
      return this.takeBool();
    } else if (isInteger<T>()) {
      if (idof<E>() != idof<__NoEnum>()) return <T>changetype<E>(0).read(this);
      return this.readInteger<T>();
    } else if (isFloat<T>()) {
      return this.readFloat<T>();
    } else if (isString<T>()) {
      return changetype<T>(this.readString());
    } else if (isArray<T>()) {
      return changetype<T>(this.readArray<valueof<T>, E>());
    } else if (isDefined(changetype<T>(0).__jsonRead)) {
      return this.readObject<T>();
    } else if (idof<T>() == idof<JsonValue>()) {
      return changetype<T>(this.readJson());
    } else if (idof<T>() == idof<Uint8Array>()) {
      return changetype<T>(Uint8Array.wrap(this.readBytes()));
    } else if (idof<T>() == idof<ArrayBuffer>()) {
      return changetype<T>(this.readBytes());
    } else if (changetype<T>(0) instanceof Map) {
      const map = instantiate<T>();
      this.readMap(map, changetype<E>(0));
      return map;
    } else {
      ERROR(
        "A value of this type is not read from JSON: write @json before its class, or use another type; see the section 'Typed values' in the README of tusk-plugin-as.",
      );
      return changetype<T>(0);
    }
  }

  private readInteger<T>(): T {
    const start = this.at;
    const tag = this.peek();
    if (tag < 0x80) {
      this.at++;
      return <T>tag;
    }
    const most: u64 = (isSigned<T>() ? <u64>i64.MAX_VALUE : u64.MAX_VALUE) >> (64 - 8 * sizeof<T>());
    if (tag >= 0xcc && tag <= 0xcf) {
      const value = this.takeUnsigned(tag);
      if (value <= most) return <T>value;
    } else if (tag >= 0xe0 || (tag >= 0xd0 && tag <= 0xd3)) {
      const value = this.takeSigned(tag);
      if (value < 0 ? isSigned<T>() && value >= ~(<i64>most) : <u64>value <= most) return <T>value;
    } else if (tag == 0xca || tag == 0xcb) {
      // JavaScript has but one kind of number, and some of its encoders make floats of large integers.
      const value = this.takeFloat(tag);
      if (Math.trunc(value) == value && Math.abs(value) <= 9007199254740992) {
        if (value >= 0 ? <u64>value <= most : isSigned<T>() && <i64>value >= ~(<i64>most))
          return <T>(<i64>value);
      }
    }
    this.expected(expectationOf<T, __NoEnum>(), start);
    return 0;
  }

  private readFloat<T>(): T {
    const start = this.at;
    const tag = this.peek();
    if (tag == 0xca || tag == 0xcb) {
      const value = this.takeFloat(tag);
      if (sizeof<T>() == 8 || !isFinite(value) || Math.abs(value) <= f32.MAX_VALUE) return <T>value;
    } else if (tag >= 0xcc && tag <= 0xcf) {
      return <T>this.takeUnsigned(tag);
    } else if (tag < 0x80) {
      this.at++;
      return <T>tag;
    } else if (tag >= 0xd0 && (tag <= 0xd3 || tag >= 0xe0)) {
      return <T>this.takeSigned(tag);
    }
    this.expected(expectationOf<T, __NoEnum>(), start);
    return 0;
  }

  private readString(): string {
    const start = this.at;
    const length = this.takeStringHead();
    if (length < 0) {
      this.expected("a string", start);
      return "";
    }
    const text = this.text(this.at, <usize>length);
    this.at += <usize>length;
    return text;
  }

  private readBytes(): ArrayBuffer {
    const start = this.at;
    const length = this.takeBytesHead();
    if (length < 0) {
      this.expected("bytes", start);
      return new ArrayBuffer(0);
    }
    const bytes = new ArrayBuffer(<i32>length);
    memory.copy(changetype<usize>(bytes), this.at, <usize>length);
    this.at += <usize>length;
    return bytes;
  }

  private readJson(): JsonValue {
    const decoder = new MsgpackDecoder(this.at, this.end);
    const value = decoder.value(this.depth);
    this.at = decoder.at;
    if (value) return value;
    this.malformed(decoder.reason);
    return JsonValue.null();
  }

  private readArray<V, E>(): V[] {
    const start = this.at;
    const count = this.takeArrayHead();
    if (count < 0) this.expected("an array", start);
    if (this.failed || !this.enter()) return [];
    const array = new Array<V>(<i32>min(count, BELIEVED));
    for (let i = 0; i < <i32>count; i++) {
      const element = this.read<V, E>();
      if (i < BELIEVED) unchecked((array[i] = element));
      else array.push(element);
      if (this.failed) {
        this.failedAt(i);
        return array;
      }
    }
    this.leave();
    return array;
  }

  private readMap<V, E>(map: Map<string, V>, members: E): void {
    const start = this.at;
    const count = this.takeObjectHead();
    if (count < 0) this.expected("an object", start);
    if (this.failed || !this.enter()) return;
    for (let left = count; left > 0 && this.takeKey(); left--) {
      const key = this.text(this.keyAt, this.keyLength);
      if (map.has(key)) this.fail(`${quoteText(key)} stands twice`);
      if (this.failed) return;
      const value = this.read<V, E>();
      if (this.failed) return this.failedIn(key);
      map.set(key, value);
    }
    this.leave();
  }

  private readObject<T>(): T {
    const start = this.at;
    const count = this.takeObjectHead();
    if (count < 0) this.expected("an object", start);
    // Nobody is handed this: whoever reads looks at `failed` first.
    if (this.failed || !this.enter()) return changetype<T>(0);
    const object = instantiate<T>();
    const outer = this.seen;
    this.seen = 0;
    for (let left = count; left > 0 && this.takeKey(); left--) {
      const at = this.keyAt;
      const length = this.keyLength;
      if (!object.__jsonRead(this, at, length)) object.__jsonUnknown(this, at, length);
      else if (this.failed) this.failedInKey(at, length);
    }
    if (!this.failed) object.__jsonMissing(this);
    this.seen = outer;
    this.leave();
    return object;
  }

  // What the methods call that the transform writes.

  /** Whether a field comes for the first time. */
  first(field: i32): bool {
    const bit: u64 = (<u64>1) << field;
    if (this.seen & bit) this.fail("it stands twice");
    this.seen |= bit;
    return !this.failed;
  }

  has(field: i32): bool {
    return (this.seen & ((<u64>1) << field)) != 0;
  }

  /** Fails because a field has not been there. */
  lacks<T, E = __NoEnum>(key: string): void {
    this.fail(`expected ${expectationOf<T, E>()}, found nothing`);
    this.failedIn(key);
  }

  /** Refuses a key that no field has. */
  unknown(at: usize, length: usize, known: string): void {
    const key = quoteText(this.shownText(at, length));
    this.fail(`there is no ${key}, only ${known}`);
  }
}
