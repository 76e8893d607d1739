import { ByteBuffer } from "./byte-buffer";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PADDING: u8 = 0x3d; // =

/** Appends bytes in base64 (RFC 4648, section 4), padded. */
export function writeBase64(out: ByteBuffer, bytes: Uint8Array): void {
  for (let i = 0, length = bytes.length; i < length; i += 3) {
    const left = length - i;
    const second: u32 = left > 1 ? bytes[i + 1] : 0;
    const third: u32 = left > 2 ? bytes[i + 2] : 0;
    const three = ((<u32>bytes[i]) << 16) | (second << 8) | third;
    out.byte(digit(three >> 18));
    out.byte(digit(three >> 12));
    out.byte(left > 1 ? digit(three >> 6) : PADDING);
    out.byte(left > 2 ? digit(three) : PADDING);
  }
}

function digit(bits: u32): u8 {
  return <u8>DIGITS.charCodeAt(bits & 63);
}
