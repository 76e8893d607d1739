// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { utf8Length, writeUtf8 } from "../../utf8";
import { MAX_DEPTH } from "../depth";
import { JsonValue } from "../json-value";
import { sizeOfMsgpack, writeMsgpack } from "../msgpack-encoder";
import { __NoEnum } from "./no-enum";

const FIRST_SIZE: usize = 1024;
// What is larger is given back when it has been written.
const KEPT_SIZE: usize = 65536;

// Where values are written before anybody knows how long they are: one block, for nothing is written meanwhile.
let block: usize = 0;
let blockSize: usize = 0;

/**
 * Writes values of typed classes in MessagePack, every number and length in its shortest form. Global, as
 * `__JsonReader` is. Traps above 128 levels.
 */
@global
@final
export class __JsonWriter {
  private length: usize = 0;
  private depth: i32 = 0;

  /** The bytes that have been written. */
  take(): Uint8Array {
    const bytes = new Uint8Array(<i32>this.length);
    memory.copy(bytes.dataStart, block, this.length);
    if (blockSize > KEPT_SIZE) {
      heap.free(block);
      block = 0;
      blockSize = 0;
    }
    return bytes;
  }

  write<T, E = __NoEnum>(value: T): void {
    if (isNullable<T>()) {
      if (changetype<usize>(value) == 0) this.byte(0xc0);
      else this.write<NonNullable<T>, E>(changetype<NonNullable<T>>(value));
    } else if (isBoolean<T>()) {
      this.byte(value ? 0xc3 : 0xc2);
    } else if (isInteger<T>()) {
      if (idof<E>() != idof<__NoEnum>()) changetype<E>(0).write(this, <i32>value);
      else this.writeInteger<T>(value);
    } else if (isFloat<T>()) {
      this.bits<u64>(0xcb, reinterpret<u64>(<f64>value));
    } else if (isString<T>()) {
      this.writeString(changetype<string>(value));
    } else if (isArray<T>()) {
      this.writeArray<valueof<T>, E>(changetype<Array<valueof<T>>>(value));
    } else if (isDefined(value.__jsonWrite)) {
      this.enter();
      this.head(value.__jsonCount(), 0x80, 0xde);
      value.__jsonWrite(this);
      this.depth--;
    } else if (idof<T>() == idof<JsonValue>()) {
      const json = changetype<JsonValue>(value);
      writeMsgpack(this.reserve(sizeOfMsgpack(json, this.depth)), json);
    } else if (idof<T>() == idof<Uint8Array>()) {
      const bytes = changetype<Uint8Array>(value);
      this.writeBytes(bytes.dataStart, bytes.length);
    } else if (idof<T>() == idof<ArrayBuffer>()) {
      this.writeBytes(changetype<usize>(value), changetype<ArrayBuffer>(value).byteLength);
    } else if (value instanceof Map) {
      this.writeMap(value, changetype<E>(0));
    } else {
      ERROR(
        "A value of this type is not written as JSON: write @json before its class, or use another type; see the section 'Typed values' in the README of tusk-plugin-as.",
      );
    }
  }

  private writeInteger<T>(value: T): void {
    if (isSigned<T>() && value < 0) {
      if (<i64>value >= -32) this.byte(<u8>value);
      else if (sizeof<T>() == 1 || <i64>value >= i8.MIN_VALUE) this.bits<u8>(0xd0, <u8>value);
      else if (sizeof<T>() == 2 || <i64>value >= i16.MIN_VALUE) this.bits<u16>(0xd1, <u16>value);
      else if (sizeof<T>() == 4 || <i64>value >= i32.MIN_VALUE) this.bits<u32>(0xd2, <u32>value);
      else this.bits<u64>(0xd3, <u64>value);
    } else if (<u64>value < 0x80) this.byte(<u8>value);
    else if (sizeof<T>() == 1 || <u64>value < 0x100) this.bits<u8>(0xcc, <u8>value);
    else if (sizeof<T>() == 2 || <u64>value < 0x10000) this.bits<u16>(0xcd, <u16>value);
    else if (sizeof<T>() == 4 || <u64>value < 0x100000000) this.bits<u32>(0xce, <u32>value);
    else this.bits<u64>(0xcf, <u64>value);
  }

  private writeString(text: string): void {
    const length = utf8Length(text);
    if (length < 32) this.byte(<u8>(0xa0 | length));
    else if (length < 0x100) this.bits<u8>(0xd9, <u8>length);
    else if (length < 0x10000) this.bits<u16>(0xda, <u16>length);
    else this.bits<u32>(0xdb, length);
    writeUtf8(this.reserve(length), text, length);
  }

  private writeBytes(start: usize, length: i32): void {
    if (length < 0x100) this.bits<u8>(0xc4, <u8>length);
    else if (length < 0x10000) this.bits<u16>(0xc5, <u16>length);
    else this.bits<u32>(0xc6, length);
    memory.copy(this.reserve(length), start, length);
  }

  private writeArray<V, E>(array: V[]): void {
    this.enter();
    const length = array.length;
    this.head(length, 0x90, 0xdc);
    for (let i = 0; i < length; i++) this.write<V, E>(unchecked(array[i]));
    this.depth--;
  }

  private writeMap<V, E>(map: Map<string, V>, members: E): void {
    this.enter();
    const keys = map.keys();
    const values = map.values();
    this.head(keys.length, 0x80, 0xde);
    for (let i = 0, n = keys.length; i < n; i++) {
      this.writeString(unchecked(keys[i]));
      this.write<V, E>(unchecked(values[i]));
    }
    this.depth--;
  }

  /** Leaves room for the head of an array or an object, to be closed when it is known how long it is. */
  open(): usize {
    const at = this.length;
    this.reserve(5);
    return at;
  }

  /** Writes the head that was left open: 0xdd for an array, 0xdf for an object. Returns true. */
  close(at: usize, tag: u8, count: u32): bool {
    store<u8>(block + at, tag);
    store<u32>(block + at, bswap<u32>(count), 1);
    return true;
  }

  /** Bytes that are known beforehand: a key, or a member of an enum. */
  raw(start: usize, length: usize): void {
    memory.copy(this.reserve(length), start, length);
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) throw new Error("a value is nested deeper than 128");
  }

  /** The head of an array or an object: `short` with the length in it, or one of the two from `long` on. */
  private head(length: i32, short: u8, long: u8): void {
    if (length < 16) this.byte(short | (<u8>length));
    else if (length < 0x10000) this.bits<u16>(long, <u16>length);
    else this.bits<u32>(long + 1, length);
  }

  private byte(value: u8): void {
    store<u8>(this.reserve(1), value);
  }

  // MessagePack is big-endian, WebAssembly is not.
  private bits<T>(tag: u8, value: T): void {
    const at = this.reserve(1 + sizeof<T>());
    store<u8>(at, tag);
    store<T>(at, bswap<T>(value), 1);
  }

  /** Makes room for so many bytes more and returns the address of the first. */
  private reserve(size: usize): usize {
    const at = this.length;
    this.length = at + size;
    if (this.length > blockSize) {
      blockSize = max<usize>(max<usize>(2 * blockSize, this.length), FIRST_SIZE);
      block = block ? heap.realloc(block, blockSize) : heap.alloc(blockSize);
    }
    return block + at;
  }
}
