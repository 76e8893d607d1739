import { HostError } from "../core/error.ts";
import type { JsonValue } from "./json.ts";
import { decodeText } from "./recent-texts.ts";

/**
 * Decodes bytes that hold exactly one JSON value in MessagePack, and believes none of them.
 *
 * Refused are: lengths beyond the bytes that are there, bytes after the value, nesting deeper than
 * `depth`, more values than `values`, extension types, NaN and infinities, map keys that are no strings or stand twice, and the key
 * `__proto__`. So what is decoded is never larger than a small multiple of `bytes`.
 *
 * Integers come out as `number` where that is exact, else as `bigint`; `bin` as a copy.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 * @throws HostError JSON_MALFORMED
 */
export function decodeMessagePack(bytes: Uint8Array, most: JsonLimits): JsonValue {
  const decoder = new Decoder(bytes, most);
  const value = decoder.value(0);
  decoder.expectEnd();
  return value;
}

/** How much one JSON value may hold. */
interface JsonLimits {
  /** How deep arrays and maps may be nested. */
  readonly depth: number;
  /** How many values there may be, each array, map and scalar being one. */
  readonly values: number;
}

class Decoder {
  readonly #bytes: Buffer;
  readonly #most: JsonLimits;
  #values = 0;
  #at = 0;

  constructor(bytes: Uint8Array, most: JsonLimits) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#most = most;
  }

  expectEnd(): void {
    if (this.#at !== this.#bytes.length) throw malformed("something follows the value", this.#at);
  }

  value(depth: number): JsonValue {
    const start = this.#at;
    const most = this.#most;
    if (depth > most.depth) throw malformed(`it is nested deeper than ${most.depth}`, start);
    if (++this.#values > most.values) throw malformed(`it has more than ${most.values} values`, start);
    const tag = this.#uint8();
    if (tag <= 0x7f) return tag; // fixint
    if (tag >= 0xe0) return tag - 0x100;
    if (tag <= 0x8f) return this.#map(tag & 0x0f, depth);
    if (tag <= 0x9f) return this.#array(tag & 0x0f, depth);
    if (tag <= 0xbf) return this.#text(tag & 0x1f); // fixstr
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4: // bin 8, 16, 32
      case 0xc5:
      case 0xc6:
        return this.#block(this.#uint(1 << (tag - 0xc4)));
      case 0xca: // float 32, 64
        return this.#finite(this.#bytes.readFloatBE(this.#take(4)), start);
      case 0xcb:
        return this.#finite(this.#bytes.readDoubleBE(this.#take(8)), start);
      case 0xcc: // uint 8, 16, 32
      case 0xcd:
      case 0xce:
        return this.#uint(1 << (tag - 0xcc));
      case 0xcf:
        return narrow(this.#bytes.readBigUInt64BE(this.#take(8)));
      case 0xd0: // int 8, 16, 32
      case 0xd1:
      case 0xd2:
        return this.#int(1 << (tag - 0xd0));
      case 0xd3:
        return narrow(this.#bytes.readBigInt64BE(this.#take(8)));
      case 0xd9: // str 8, 16, 32
      case 0xda:
      case 0xdb:
        return this.#text(this.#uint(1 << (tag - 0xd9)));
      case 0xdc: // array 16, 32
      case 0xdd:
        return this.#array(this.#uint(2 << (tag - 0xdc)), depth);
      case 0xde: // map 16, 32
      case 0xdf:
        return this.#map(this.#uint(2 << (tag - 0xde)), depth);
      default:
        throw malformed(`0x${tag.toString(16)} is no JSON value`, start);
    }
  }

  #array(count: number, depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }

  #map(count: number, depth: number): { [key: string]: JsonValue } {
    const map: { [key: string]: JsonValue } = {};
    for (let i = 0; i < count; i++) {
      const start = this.#at;
      const key = this.#key();
      if (Object.hasOwn(map, key)) throw malformed("a key stands twice in a map", start);
      if (key === "__proto__") throw malformed('the key "__proto__" is not allowed', start);
      map[key] = this.value(depth + 1);
    }
    return map;
  }

  #key(): string {
    const start = this.#at;
    const tag = this.#uint8();
    if (tag >= 0xa0 && tag <= 0xbf) return this.#text(tag & 0x1f);
    if (tag >= 0xd9 && tag <= 0xdb) return this.#text(this.#uint(1 << (tag - 0xd9)));
    throw malformed("a key of a map is no string", start);
  }

  #text(length: number): string {
    const start = this.#take(length);
    return decodeText(this.#bytes, start, start + length);
  }

  #block(length: number): Buffer {
    const start = this.#take(length);
    return Buffer.from(this.#bytes.subarray(start, start + length));
  }

  #finite(value: number, start: number): number {
    if (!Number.isFinite(value)) throw malformed(`${value} is no JSON number`, start);
    return value;
  }

  #uint8(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  #uint(lengthBytes: number): number {
    return this.#bytes.readUIntBE(this.#take(lengthBytes), lengthBytes);
  }

  #int(lengthBytes: number): number {
    return this.#bytes.readIntBE(this.#take(lengthBytes), lengthBytes);
  }

  /** Passes over so many bytes. Returns where they begin. */
  #take(length: number): number {
    const start = this.#at;
    this.#at = start + length;
    if (this.#at > this.#bytes.length) throw malformed("it ends early", this.#bytes.length);
    return start;
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function malformed(reason: string, offset: number): HostError {
  return new HostError("JSON_MALFORMED", { reason, offset });
}
