import { HostError } from "../core/error.ts";

/**
 * Checks that `bytes` hold exactly one JSON value in MessagePack, before anything is built from them.
 *
 * Refused are: lengths beyond the bytes that are there, bytes after the value, nesting deeper than `depth`,
 * more values than `values`, extension types, NaN and infinities, map keys that are no strings or stand twice, and
 * the key `__proto__`. So what is decoded afterwards is never larger than a small multiple of `bytes`.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 * @throws HostError JSON_MALFORMED
 */
export function checkMessagePack(bytes: Uint8Array, most: JsonLimits): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = new Checker(buffer, most).value(0, 0);
  if (end !== bytes.length) throw malformed("something follows the value", end);
}

/** How much one JSON value may hold. */
export interface JsonLimits {
  /** How deep arrays and maps may be nested. */
  readonly depth: number;
  /** How many values there may be, each array, map and scalar being one. */
  readonly values: number;
}

class Checker {
  readonly #bytes: Buffer;
  readonly #most: JsonLimits;
  #values = 0;

  constructor(bytes: Buffer, most: JsonLimits) {
    this.#bytes = bytes;
    this.#most = most;
  }

  /** Checks the value at `at`. Returns where it ends. */
  value(at: number, depth: number): number {
    if (depth > this.#most.depth) throw malformed(`it is nested deeper than ${this.#most.depth}`, at);
    if (++this.#values > this.#most.values)
      throw malformed(`it has more than ${this.#most.values} values`, at);
    const tag = this.#uint(at, 1);
    if (tag <= 0x7f || tag >= 0xe0) return at + 1; // fixint
    if (tag <= 0x8f) return this.#map(at + 1, tag & 0x0f, depth);
    if (tag <= 0x9f) return this.#array(at + 1, tag & 0x0f, depth);
    if (tag <= 0xbf) return this.#skip(at + 1, tag & 0x1f); // fixstr
    switch (tag) {
      case 0xc0: // nil
      case 0xc2: // false
      case 0xc3: // true
        return at + 1;
      case 0xc4: // bin 8, 16, 32
      case 0xc5:
      case 0xc6:
        return this.#sized(at + 1, 1 << (tag - 0xc4));
      case 0xca: // float 32
        this.#skip(at + 1, 4);
        return this.#finite(at, this.#bytes.readFloatBE(at + 1), 5);
      case 0xcb: // float 64
        this.#skip(at + 1, 8);
        return this.#finite(at, this.#bytes.readDoubleBE(at + 1), 9);
      case 0xcc: // uint 8, 16, 32, 64
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.#skip(at + 1, 1 << (tag - 0xcc));
      case 0xd0: // int 8, 16, 32, 64
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.#skip(at + 1, 1 << (tag - 0xd0));
      case 0xd9: // str 8, 16, 32
      case 0xda:
      case 0xdb:
        return this.#sized(at + 1, 1 << (tag - 0xd9));
      case 0xdc: // array 16, 32
        return this.#array(at + 3, this.#uint(at + 1, 2), depth);
      case 0xdd:
        return this.#array(at + 5, this.#uint(at + 1, 4), depth);
      case 0xde: // map 16, 32
        return this.#map(at + 3, this.#uint(at + 1, 2), depth);
      case 0xdf:
        return this.#map(at + 5, this.#uint(at + 1, 4), depth);
      default:
        throw malformed(`0x${tag.toString(16)} is no JSON value`, at);
    }
  }

  #array(start: number, count: number, depth: number): number {
    let at = start;
    for (let i = 0; i < count; i++) at = this.value(at, depth + 1);
    return at;
  }

  #map(start: number, count: number, depth: number): number {
    let at = start;
    const keys = new Set<string>();
    for (let i = 0; i < count; i++) {
      const keyEnd = this.#string(at);
      const key = this.#bytes.toString("latin1", this.#textStart(at), keyEnd);
      if (keys.has(key)) throw malformed("a key stands twice in a map", at);
      if (key === "__proto__") throw malformed('the key "__proto__" is not allowed', at);
      keys.add(key);
      at = this.value(keyEnd, depth + 1);
    }
    return at;
  }

  #string(at: number): number {
    const tag = this.#uint(at, 1);
    if ((tag >= 0xa0 && tag <= 0xbf) || (tag >= 0xd9 && tag <= 0xdb)) return this.value(at, 0);
    throw malformed("a key of a map is no string", at);
  }

  #textStart(at: number): number {
    const tag = this.#uint(at, 1);
    return tag <= 0xbf ? at + 1 : at + 1 + (1 << (tag - 0xd9));
  }

  #sized(at: number, lengthBytes: number): number {
    return this.#skip(at + lengthBytes, this.#uint(at, lengthBytes));
  }

  #skip(at: number, length: number): number {
    if (at + length > this.#bytes.length) throw malformed("it ends early", this.#bytes.length);
    return at + length;
  }

  #uint(at: number, lengthBytes: number): number {
    this.#skip(at, lengthBytes);
    return this.#bytes.readUIntBE(at, lengthBytes);
  }

  #finite(at: number, value: number, length: number): number {
    if (!Number.isFinite(value)) throw malformed(`${value} is no JSON number`, at);
    return at + length;
  }
}

function malformed(reason: string, offset: number): HostError {
  return new HostError("JSON_MALFORMED", { reason, offset });
}
