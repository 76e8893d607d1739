/** How long a text may be to be remembered, in bytes. */
const LONGEST = 32;
const SLOTS = 512;

/** Texts that were decoded, each in the slot that its length and ends give it. */
const recent: string[] = [];

/**
 * The text that bytes are in UTF-8; what is none becomes U+FFFD. Short texts, such as keys and names of headers,
 * come again and again, and comparing is faster than decoding.
 */
export function decodeText(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST || length === 0) return bytes.toString("utf8", start, end);
  const slot = (length * 31 + (bytes[start] as number) * 7 + (bytes[end - 1] as number)) & (SLOTS - 1);
  const known = recent[slot];
  if (known !== undefined && isAscii(known, bytes, start, end)) return known;
  const text = bytes.toString("utf8", start, end);
  recent[slot] = text;
  return text;
}

/** Whether the bytes are this text in ASCII. */
function isAscii(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte > 0x7f || byte !== text.charCodeAt(i - start)) return false;
  }
  return true;
}
