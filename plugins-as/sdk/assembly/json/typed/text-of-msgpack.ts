// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { writeBase64 } from "../base64";
import { ByteBuffer } from "../byte-buffer";
import { escapeOf } from "../text-writer";
import { MsgpackCursor } from "./msgpack-cursor";

/**
 * MessagePack that we have written as JSON text in UTF-8. Bytes become a string in base64, a float that JSON does not
 * have null.
 */
export function textOfMsgpack(bytes: Uint8Array): Uint8Array {
  const writer = new TextOfMsgpack(bytes.dataStart, bytes.dataStart + bytes.length);
  writer.value();
  return writer.out.toBytes();
}

class TextOfMsgpack extends MsgpackCursor {
  readonly out: ByteBuffer = new ByteBuffer();

  value(): void {
    const tag = this.peek();
    if (tag < 0x80 || (tag >= 0xcc && tag <= 0xcf)) return this.out.text(this.takeUnsigned(tag).toString());
    if (tag >= 0xe0 || (tag >= 0xd0 && tag <= 0xd3)) return this.out.text(this.takeSigned(tag).toString());
    if (tag == 0xca || tag == 0xcb) return this.float(this.takeFloat(tag));
    if (tag == 0xc2 || tag == 0xc3) return this.out.text(this.takeBool() ? "true" : "false");
    if (this.takeNull()) return this.out.text("null");
    if (this.takeWord()) return this.string();
    const count = this.takeArrayHead();
    if (count >= 0) return this.array(<i32>count);
    const members = this.takeObjectHead();
    if (members >= 0) this.object(<i32>members);
    else this.bytes(<i32>this.takeBytesHead());
  }

  private float(value: f64): void {
    this.out.text(isFinite(value) ? value.toString() : "null");
  }

  private array(count: i32): void {
    this.out.byte(0x5b); // [
    for (let i = 0; i < count; i++) {
      if (i > 0) this.out.byte(0x2c); // ,
      this.value();
    }
    this.out.byte(0x5d); // ]
  }

  private object(count: i32): void {
    this.out.byte(0x7b); // {
    for (let i = 0; i < count; i++) {
      if (i > 0) this.out.byte(0x2c); // ,
      this.value();
      this.out.byte(0x3a); // :
      this.value();
    }
    this.out.byte(0x7d); // }
  }

  /** The string that `takeWord` has found. Its bytes are UTF-8 already. */
  private string(): void {
    const end = this.keyAt + this.keyLength;
    let written = this.keyAt;
    this.out.byte(0x22); // "
    for (let at = written; at < end; at++) {
      const byte = load<u8>(at);
      if (byte >= 0x20 && byte != 0x22 && byte != 0x5c) continue;
      this.out.bytesAt(written, at - written);
      this.out.text(escapeOf(byte)!);
      written = at + 1;
    }
    this.out.bytesAt(written, end - written);
    this.out.byte(0x22); // "
  }

  private bytes(length: i32): void {
    const bytes = new Uint8Array(length);
    memory.copy(bytes.dataStart, this.at, length);
    this.at += length;
    this.out.byte(0x22); // "
    writeBase64(this.out, bytes);
    this.out.byte(0x22); // "
  }
}
