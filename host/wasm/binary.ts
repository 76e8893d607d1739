import { HostError } from "../core/error.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/**
 * Reads the primitive values of WebAssembly's binary format from a range of bytes, and never past its end.
 *
 * Offsets are absolute: a reader made by `sub` counts from the same zero as its parent, so that an error
 * names the byte in the file.
 *
 * Every method that reads throws HostError BINARY_MALFORMED when the range ends too early, when a number is
 * longer than its type allows, or when a name is not UTF-8.
 *
 * @see https://webassembly.github.io/spec/core/binary/values.html
 */
export class BinaryReader {
  readonly bytes: Uint8Array;
  /** What to call the bytes in messages. */
  readonly file: string;
  /** The offset of the next byte. */
  offset: number;
  /** The offset after the last byte that may be read. */
  end: number;

  constructor(bytes: Uint8Array, file: string, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.file = file;
    this.offset = start;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.offset >= this.end;
  }

  u8(): number {
    if (this.offset >= this.end) this.#endsEarly();
    return this.bytes[this.offset++] as number;
  }

  /** The next byte, without taking it. */
  peek(): number {
    if (this.offset >= this.end) this.#endsEarly();
    return this.bytes[this.offset] as number;
  }

  u32(): number {
    const first = this.u8();
    if (first < 0x80) return first;
    let result = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.u8();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    const last = this.u8();
    if (last > 0x0f) this.fail("an unsigned 32-bit number is too long", this.offset - 1);
    return (result | (last << 28)) >>> 0;
  }

  s32(): number {
    return Number(this.#signed(32, "a signed 32-bit number"));
  }

  /** A block type or heap type: not negative for a type index. */
  s33(): number {
    const first = this.peek();
    if (first < 0x80) {
      this.offset++;
      return (first << 25) >> 25;
    }
    return Number(this.#signed(33, "a signed 33-bit number"));
  }

  s64(): bigint {
    return this.#signed(64, "a signed 64-bit number");
  }

  u64(): bigint {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.u8();
      if (shift === 63n && byte > 1) this.fail("an unsigned 64-bit number is too long", this.offset - 1);
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    const start = this.offset;
    this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    if (length > this.end - this.offset) this.#endsEarly();
    this.offset += length;
  }

  /** A length and that many bytes of UTF-8. */
  name(): string {
    const start = this.offset;
    const encoded = this.take(this.u32());
    try {
      return utf8.decode(encoded);
    } catch {
      return this.fail("a name is not UTF-8", start);
    }
  }

  /** A reader of the next `length` bytes, which this reader passes over. */
  sub(length: number): BinaryReader {
    const start = this.offset;
    this.skip(length);
    return new BinaryReader(this.bytes, this.file, start, start + length);
  }

  /** Another reader of the same range, standing where this one does. */
  clone(): BinaryReader {
    return new BinaryReader(this.bytes, this.file, this.offset, this.end);
  }

  /** Reads a count and calls `read` that often. */
  vector<T>(read: (index: number) => T): T[] {
    const count = this.u32();
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(read(index));
    return items;
  }

  /** Throws unless everything up to the end was read. `what` names the range in the message. */
  expectEnd(what: string): void {
    if (!this.atEnd) this.fail(`${what} is longer than its contents`);
  }

  /** @throws HostError BINARY_MALFORMED always */
  fail(reason: string, offset = this.offset): never {
    throw new HostError("BINARY_MALFORMED", { file: this.file, offset, reason });
  }

  /** @throws HostError BINARY_UNSUPPORTED always */
  refuse(feature: string, offset = this.offset): never {
    throw new HostError("BINARY_UNSUPPORTED", { file: this.file, offset, feature });
  }

  #endsEarly(): never {
    this.fail("it ends in the middle of something", this.end);
  }

  #signed(bits: number, what: string): bigint {
    let result = 0n;
    let shift = 0;
    let byte: number;
    do {
      byte = this.u8();
      const left = bits - shift;
      if (left < 7) {
        // The last byte that fits: it must end here, and its unused bits must repeat the sign.
        const unused = byte >> (left - 1);
        if (unused !== 0 && unused !== 0x7f >> (left - 1)) this.fail(`${what} is too long`, this.offset - 1);
      }
      result |= BigInt(byte & 0x7f) << BigInt(shift);
      shift += 7;
    } while (byte >= 0x80);
    return BigInt.asIntN(Math.min(shift, bits), result);
  }
}

/**
 * Writes the primitive values of WebAssembly's binary format into one buffer that grows.
 *
 * @see BinaryReader
 */
export class BinaryWriter {
  #buffer: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(expectedBytes = 256) {
    this.#buffer = new Uint8Array(expectedBytes);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  u8(byte: number): void {
    if (this.#length === this.#buffer.length) this.#grow(1);
    this.#buffer[this.#length++] = byte;
  }

  u32(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }

  s32(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40)) return this.u8(low);
      this.u8(low | 0x80);
    }
  }

  s64(value: bigint): void {
    let rest = value;
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) return this.u8(low);
      this.u8(low | 0x80);
    }
  }

  name(text: string): void {
    const encoded = utf8Encoder.encode(text);
    this.u32(encoded.length);
    this.raw(encoded);
  }

  /** Copies bytes as they are. */
  raw(bytes: ArrayLike<number>): void {
    if (bytes.length > this.#buffer.length - this.#length) this.#grow(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Copies `source[start, end)`, without making a view of it. */
  slice(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length > this.#buffer.length - this.#length) this.#grow(length);
    // Below some tens of bytes a loop is faster than making a view for `set`.
    if (length > 48) {
      this.#buffer.set(source.subarray(start, end), this.#length);
    } else {
      for (let i = 0; i < length; i++) this.#buffer[this.#length + i] = source[start + i] as number;
    }
    this.#length += length;
  }

  /** Writes what `write` writes, behind its length in bytes. */
  sized(write: () => void): void {
    const at = this.openSize();
    write();
    this.closeSize(at);
  }

  /** Leaves room for a length that is not known yet. Returns what `closeSize` needs. */
  openSize(): number {
    const at = this.#length;
    this.raw(PADDED_ZERO);
    return at;
  }

  /** Fills in the length of what was written since `openSize` gave `at`: in five bytes, which is legal. */
  closeSize(at: number): void {
    this.patchU32(at, this.#length - at - PADDED_ZERO.length);
  }

  /** Overwrites a number that was written in five bytes. */
  patchU32(at: number, value: number): void {
    for (let i = 0; i < 4; i++) this.#buffer[at + i] = ((value >>> (7 * i)) & 0x7f) | 0x80;
    this.#buffer[at + 4] = value >>> 28;
  }

  /** What was written. The writer may not be used afterwards. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  #grow(atLeast: number): void {
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + atLeast));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

const PADDED_ZERO = [0x80, 0x80, 0x80, 0x80, 0];
