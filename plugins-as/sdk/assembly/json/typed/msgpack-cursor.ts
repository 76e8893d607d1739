// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { PluginError } from "../../plugin-error";
import { decodeUtf8, textOfUtf8 } from "../../utf8";
import { MAX_DEPTH } from "../depth";
import { quoteText } from "./quote-text";

const ENDS_EARLY = "it ends early";

/**
 * A place in MessagePack, and why reading ended there.
 *
 * Whatever the bytes are, each method answers: where it cannot, it notes the reason, `failed` is true from then on,
 * and the answer means nothing. Each checks a length before it believes it.
 */
export abstract class MsgpackCursor {
  failed: bool = false;
  /** Where the key stands that `takeKey` has read. */
  keyAt: usize = 0;
  keyLength: usize = 0;
  private start: usize;
  protected depth: i32 = 0;
  private reason: string = "";
  private path: string = "";

  constructor(
    /** Where the next value stands. */
    public at: usize,
    protected end: usize,
  ) {
    this.start = at;
  }

  get failure(): PluginError {
    return PluginError.invalidInput(this.path == "" ? this.reason : `${this.path}: ${this.reason}`);
  }

  /** The first reason stands. */
  fail(reason: string): void {
    if (!this.failed) this.reason = reason;
    this.failed = true;
  }

  /** Says what should stand where a value stands, and what does. */
  expected(what: string, at: usize): void {
    // What ended early says so itself.
    if (!this.failed) this.fail(`expected ${what}, found ${this.describe(at)}`);
  }

  protected malformed(reason: string): void {
    this.fail(`not a JSON value in MessagePack: ${reason} at byte ${this.at - this.start}`);
  }

  // The way to what failed is told from the inside out.

  failedAt(index: i32): void {
    this.lead(`[${index}]`);
  }

  failedIn(key: string): void {
    this.lead(isName(key) ? key : `[${quoteText(key)}]`);
  }

  /** The same for the key that stands at an address. */
  failedInKey(at: usize, length: usize): void {
    this.failedIn(this.shownText(at, length));
  }

  private lead(step: string): void {
    const joins = this.path == "" || this.path.startsWith("[");
    this.path = joins ? step + this.path : `${step}.${this.path}`;
  }

  /** Whether all has been read. */
  ended(): bool {
    if (this.at != this.end) this.malformed("something stands after the value");
    return !this.failed;
  }

  /** Goes into an array or an object, unless that is too deep. `leave` follows. */
  protected enter(): bool {
    if (++this.depth > MAX_DEPTH) this.malformed("it is nested deeper than 128");
    return !this.failed;
  }

  protected leave(): void {
    this.depth--;
  }

  /** The first byte of the next value, which is not read thereby; 0xc1, which starts none, at the end. */
  protected peek(): u8 {
    if (this.at < this.end) return load<u8>(this.at);
    this.malformed(ENDS_EARLY);
    return 0xc1;
  }

  takeNull(): bool {
    if (this.peek() != 0xc0) return false;
    this.at++;
    return true;
  }

  protected takeBool(): bool {
    const tag = this.peek();
    if (tag != 0xc2 && tag != 0xc3) this.expected("true or false", this.at);
    this.at++;
    return tag == 0xc3;
  }

  /** The length of a string, whose bytes are next; -1 if there is none. */
  protected takeStringHead(): i64 {
    const tag = this.peek();
    if (tag >= 0xa0 && tag < 0xc0) return this.takeLength(tag & 0x1f, 0);
    if (tag == 0xd9) return this.takeLength(this.count<u8>(), 1);
    if (tag == 0xda) return this.takeLength(this.count<u16>(), 2);
    return tag == 0xdb ? this.takeLength(this.count<u32>(), 4) : -1;
  }

  protected takeBytesHead(): i64 {
    const tag = this.peek();
    if (tag == 0xc4) return this.takeLength(this.count<u8>(), 1);
    if (tag == 0xc5) return this.takeLength(this.count<u16>(), 2);
    return tag == 0xc6 ? this.takeLength(this.count<u32>(), 4) : -1;
  }

  /** How many elements an array has, of which each takes a byte at least; -1 if there is none. */
  protected takeArrayHead(): i64 {
    const tag = this.peek();
    if (tag >= 0x90 && tag < 0xa0) return this.takeLength(tag & 0x0f, 0);
    if (tag == 0xdc) return this.takeLength(this.count<u16>(), 2);
    return tag == 0xdd ? this.takeLength(this.count<u32>(), 4) : -1;
  }

  protected takeObjectHead(): i64 {
    const tag = this.peek();
    if (tag >= 0x80 && tag < 0x90) return this.takeLength(tag & 0x0f, 0);
    if (tag == 0xde) return this.takeLength(this.count<u16>(), 2);
    return tag == 0xdf ? this.takeLength(this.count<u32>(), 4) : -1;
  }

  private takeLength(length: u64, size: usize): i64 {
    const at = this.at + 1 + size;
    if (at > this.end || length > <u64>(this.end - at)) {
      this.malformed(ENDS_EARLY);
      return -1;
    }
    this.at = at;
    return <i64>length;
  }

  /** What follows the tag, or more than there ever is. */
  private count<T>(): u64 {
    return this.remains(1 + sizeof<T>()) ? <u64>bswap<T>(load<T>(this.at, 1)) : 1 << 62;
  }

  private remains(size: usize): bool {
    return size <= this.end - this.at;
  }

  /** A number's bits after its tag. */
  protected takeBits<T>(): T {
    if (!this.remains(1 + sizeof<T>())) {
      this.malformed(ENDS_EARLY);
      return 0;
    }
    const bits = bswap<T>(load<T>(this.at, 1));
    this.at += 1 + sizeof<T>();
    return bits;
  }

  // A number, by its tag.

  protected takeUnsigned(tag: u8): u64 {
    if (tag == 0xcc) return this.takeBits<u8>();
    if (tag == 0xcd) return this.takeBits<u16>();
    if (tag == 0xce) return this.takeBits<u32>();
    if (tag == 0xcf) return this.takeBits<u64>();
    this.at++;
    return tag;
  }

  protected takeSigned(tag: u8): i64 {
    if (tag == 0xd0) return this.takeBits<i8>();
    if (tag == 0xd1) return this.takeBits<i16>();
    if (tag == 0xd2) return this.takeBits<i32>();
    if (tag == 0xd3) return this.takeBits<i64>();
    this.at++;
    return <i8>tag;
  }

  protected takeFloat(tag: u8): f64 {
    return tag == 0xca ? reinterpret<f32>(this.takeBits<u32>()) : reinterpret<f64>(this.takeBits<u64>());
  }

  /** Goes past a string and notes where it stands, as `takeKey` does. Whether there is one. */
  takeWord(): bool {
    const length = this.takeStringHead();
    if (length < 0) return false;
    this.keyAt = this.at;
    this.keyLength = <usize>length;
    this.at += <usize>length;
    return true;
  }

  /** Goes past a key and notes where it stands. */
  protected takeKey(): bool {
    if (!this.takeWord()) this.malformed("a key should be a string");
    return !this.failed;
  }

  /** The text at an address, which has to be UTF-8. */
  protected text(at: usize, length: usize): string {
    const text = textOfUtf8(at, length);
    if (text !== null) return text;
    this.malformed("a string is not UTF-8");
    return "";
  }

  /** A text for a message: more of it than anybody reads is not looked at. */
  protected shownText(at: usize, length: usize): string {
    const bytes = new Uint8Array(<i32>min<usize>(length, 256));
    memory.copy(bytes.dataStart, at, bytes.length);
    return decodeUtf8(bytes);
  }

  /** Goes past a value without looking at what it is. Not recursive: it may be nested as deep as it likes. */
  skip(): void {
    let left: u64 = 1;
    for (; left > 0 && !this.failed; left--) {
      const tag = this.peek();
      const fixed = sizeAfter(tag);
      if (fixed >= 0) {
        this.takeLength(0, fixed);
        continue;
      }
      const elements = this.takeArrayHead();
      const members = elements < 0 ? this.takeObjectHead() : 0;
      const bytes = members < 0 ? this.takeStringHead() : 0;
      const length = bytes < 0 ? this.takeBytesHead() : bytes;
      if (length < 0) this.malformed(tag == 0xc1 ? "0xc1 is no value" : "an extension type is no JSON value");
      this.at += <usize>length;
      left += max<i64>(elements, 0) + 2 * max<i64>(members, 0);
    }
  }

  /** What stands at an address, for a person. */
  private describe(at: usize): string {
    this.at = at;
    const tag = this.peek();
    if (tag == 0xc0) return "null";
    if (tag == 0xc2) return "false";
    if (tag == 0xc3) return "true";
    if (tag < 0x80 || (tag >= 0xcc && tag <= 0xcf)) return this.takeUnsigned(tag).toString();
    if (tag >= 0xe0 || (tag >= 0xd0 && tag <= 0xd3)) return this.takeSigned(tag).toString();
    if (tag == 0xca || tag == 0xcb) return this.takeFloat(tag).toString();
    if (this.takeArrayHead() >= 0) return "an array";
    if (this.takeObjectHead() >= 0) return "an object";
    if (this.takeBytesHead() >= 0) return "bytes";
    const length = this.takeStringHead();
    return length < 0 ? "no value" : quoteText(this.shownText(this.at, <usize>length));
  }
}

/** How many bytes follow the tag of a value whose size is always the same; -1 for any other. */
function sizeAfter(tag: u8): i32 {
  if (tag < 0x80 || tag >= 0xe0 || tag == 0xc0 || tag == 0xc2 || tag == 0xc3) return 0;
  if (tag == 0xca) return 4;
  if (tag == 0xcb) return 8;
  return (tag >= 0xcc && tag <= 0xcf) || (tag >= 0xd0 && tag <= 0xd3) ? 1 << (tag & 3) : -1;
}

/** Whether a key stands in a path as it is. */
function isName(key: string): bool {
  if (key == "" || key.length > 60) return false;
  for (let i = 0; i < key.length; i++) {
    const char = key.charCodeAt(i);
    const letter = char | 0x20;
    const isLetter = (letter >= 0x61 && letter <= 0x7a) || char == 0x5f || char == 0x24;
    if (!isLetter && (i == 0 || char < 0x30 || char > 0x39)) return false;
  }
  return true;
}
