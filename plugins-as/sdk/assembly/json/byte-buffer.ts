import { utf8Length, writeUtf8 } from "../utf8";

/** Bytes that grow at their end. */
export class ByteBuffer {
  private bytes: Uint8Array = new Uint8Array(64);
  private length: i32 = 0;

  byte(value: u8): void {
    store<u8>(this.reserve(1), value);
  }

  /** Appends a text in UTF-8. */
  text(text: string): void {
    const length = utf8Length(text);
    writeUtf8(this.reserve(length), text, length);
  }

  /** Appends bytes from an address. */
  bytesAt(start: usize, length: usize): void {
    memory.copy(this.reserve(<i32>length), start, length);
  }

  /** A copy of what has been appended. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  /** Makes room for so many bytes more and returns the address of the first. */
  private reserve(size: i32): usize {
    const at = this.length;
    const length = at + size;
    if (length > this.bytes.length) {
      const larger = new Uint8Array(max(2 * this.bytes.length, length));
      memory.copy(larger.dataStart, this.bytes.dataStart, at);
      this.bytes = larger;
    }
    this.length = length;
    return this.bytes.dataStart + at;
  }
}
