// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { PluginError } from "../plugin-error";
import { Result } from "../result";
import { MAX_DEPTH } from "./depth";
import { JsonValue } from "./json-value";
import { textOfUtf8 } from "../utf8";

const ENDS_EARLY = "it ends early";
const TOO_DEEP = "it is nested deeper than 128";

/** Reads exactly one value. Whatever the bytes are, it answers with a value or with `invalid-input`. */
export function decodeMsgpack(start: usize, length: usize): Result<JsonValue> {
  const decoder = new MsgpackDecoder(start, start + length);
  const value = decoder.value(0);
  if (!value) return Result.err<JsonValue>(decoder.failure);
  if (decoder.at != decoder.end) {
    decoder.fail("something stands after the value");
    return Result.err<JsonValue>(decoder.failure);
  }
  return Result.ok<JsonValue>(value);
}

/** Each method returns null after having noted the reason by `fail`; each checks a length before it believes it. */
export class MsgpackDecoder {
  private start: usize;
  /** Why there is no value. */
  reason: string = "";

  constructor(
    public at: usize,
    readonly end: usize,
  ) {
    this.start = at;
  }

  get failure(): PluginError {
    return PluginError.invalidInput(
      `not a JSON value in MessagePack: ${this.reason} at byte ${this.at - this.start}`,
    );
  }

  fail(reason: string): JsonValue | null {
    this.reason = reason;
    return null;
  }

  value(depth: i32): JsonValue | null {
    if (!this.remains(1)) return this.fail(ENDS_EARLY);
    const tag = load<u8>(this.at++);
    if (tag < 0x80) return JsonValue.of<u64>(tag);
    if (tag < 0x90) return this.object(tag & 0x0f, depth + 1);
    if (tag < 0xa0) return this.array(tag & 0x0f, depth + 1);
    if (tag < 0xc0) return this.string(tag & 0x1f);
    if (tag >= 0xe0) return JsonValue.of<i64>(<i8>tag);
    return this.tagged(tag, depth + 1);
  }

  private tagged(tag: u8, depth: i32): JsonValue | null {
    // prettier-ignore
    switch (tag) {
      case 0xc0: return JsonValue.null();
      case 0xc2: return JsonValue.of(false);
      case 0xc3: return JsonValue.of(true);
      case 0xc4: return this.bytes(this.count<u8>());
      case 0xc5: return this.bytes(this.count<u16>());
      case 0xc6: return this.bytes(this.count<u32>());
      case 0xca: return this.float<f32, u32>();
      case 0xcb: return this.float<f64, u64>();
      case 0xcc: return this.integer<u8>();
      case 0xcd: return this.integer<u16>();
      case 0xce: return this.integer<u32>();
      case 0xcf: return this.integer<u64>();
      case 0xd0: return this.integer<i8>();
      case 0xd1: return this.integer<i16>();
      case 0xd2: return this.integer<i32>();
      case 0xd3: return this.integer<i64>();
      case 0xd9: return this.string(this.count<u8>());
      case 0xda: return this.string(this.count<u16>());
      case 0xdb: return this.string(this.count<u32>());
      case 0xdc: return this.array(this.count<u16>(), depth);
      case 0xdd: return this.array(this.count<u32>(), depth);
      case 0xde: return this.object(this.count<u16>(), depth);
      case 0xdf: return this.object(this.count<u32>(), depth);
    }
    this.at--;
    return this.fail(tag == 0xc1 ? "0xc1 is no value" : "an extension type is no JSON value");
  }

  private integer<T>(): JsonValue | null {
    return this.remains(sizeof<T>()) ? JsonValue.of<T>(this.number<T>()) : this.fail(ENDS_EARLY);
  }

  private float<F, Bits>(): JsonValue | null {
    return this.remains(sizeof<F>())
      ? JsonValue.of<F>(reinterpret<F>(this.number<Bits>()))
      : this.fail(ENDS_EARLY);
  }

  private string(length: u64): JsonValue | null {
    const text = this.text(length);
    return text === null ? null : JsonValue.of<string>(text);
  }

  private bytes(length: u64): JsonValue | null {
    if (!this.remains(length)) return this.fail(ENDS_EARLY);
    const bytes = new Uint8Array(<i32>length);
    memory.copy(bytes.dataStart, this.at, <usize>length);
    this.at += <usize>length;
    return JsonValue.of(bytes);
  }

  private array(count: u64, depth: i32): JsonValue | null {
    if (depth > MAX_DEPTH) return this.fail(TOO_DEEP);
    if (!this.remains(count)) return this.fail(ENDS_EARLY);
    const elements = new Array<JsonValue>();
    for (; count > 0; count--) {
      const element = this.value(depth);
      if (!element) return null;
      elements.push(element);
    }
    return JsonValue.of(elements);
  }

  private object(count: u64, depth: i32): JsonValue | null {
    if (depth > MAX_DEPTH) return this.fail(TOO_DEEP);
    if (!this.remains(2 * count)) return this.fail(ENDS_EARLY);
    const members = new Map<string, JsonValue>();
    for (; count > 0; count--) {
      const keyAt = this.at;
      const key = this.key();
      if (key === null) return null;
      if (members.has(key)) {
        this.at = keyAt;
        return this.fail("a key stands twice");
      }
      const value = this.value(depth);
      if (!value) return null;
      members.set(key, value);
    }
    return JsonValue.of(members);
  }

  private key(): string | null {
    const tag: u8 = this.remains(1) ? load<u8>(this.at++) : 0xc1;
    if (tag >= 0xa0 && tag < 0xc0) return this.text(tag & 0x1f);
    if (tag == 0xd9) return this.text(this.count<u8>());
    if (tag == 0xda) return this.text(this.count<u16>());
    if (tag == 0xdb) return this.text(this.count<u32>());
    this.fail("a key should be a string");
    return null;
  }

  private text(length: u64): string | null {
    if (!this.remains(length)) {
      this.fail(ENDS_EARLY);
      return null;
    }
    const text = textOfUtf8(this.at, <usize>length);
    if (text === null) this.fail("a string is not UTF-8");
    else this.at += <usize>length;
    return text;
  }

  private remains(size: u64): bool {
    return size <= <u64>(this.end - this.at);
  }

  /** A length, or one that is longer than anything. */
  private count<T>(): u64 {
    return this.remains(sizeof<T>()) ? <u64>this.number<T>() : 1 << 62;
  }

  // MessagePack is big-endian, WebAssembly is not.
  private number<T>(): T {
    const value = bswap<T>(load<T>(this.at));
    this.at += sizeof<T>();
    return value;
  }
}
