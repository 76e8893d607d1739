// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

/** A text in UTF-8. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): ArrayBuffer {
  return String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE);
}

/** The text that UTF-8 stands for. What is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const start = bytes.dataStart;
  const end = start + bytes.length;
  if (isUtf8(start, bytes.length)) return String.UTF8.decodeUnsafe(start, bytes.length);
  const pieces: string[] = [];
  let good = start;
  for (let at = start; at < end;) {
    const size = sequenceSize(at, end);
    if (size == 0) {
      pieces.push(String.UTF8.decodeUnsafe(good, at - good));
      good = at + 1;
    }
    at += max<usize>(size, 1);
  }
  pieces.push(String.UTF8.decodeUnsafe(good, end - good));
  return pieces.join("\ufffd");
}

/** The text that bytes stand for which have to be UTF-8; null if they are not. */
export function textOfUtf8(start: usize, length: usize): string | null {
  const text = changetype<string>(__new(length << 1, idof<string>()));
  const end = start + length;
  let at = start;
  let to = changetype<usize>(text);
  // Most text is ASCII: four bytes at a time.
  for (; at + 4 <= end; at += 4) {
    let four = <u64>load<u32>(at);
    if (four & 0x80808080) break;
    four = (four | (four << 16)) & 0x0000ffff0000ffff;
    store<u64>(to, (four | (four << 8)) & 0x00ff00ff00ff00ff);
    to += 8;
  }
  for (; at < end && load<u8>(at) < 0x80; at++) {
    store<u16>(to, load<u8>(at));
    to += 2;
  }
  if (at == end) return text;
  return isUtf8(at, end - at) ? String.UTF8.decodeUnsafe(start, length) : null;
}

/** How many bytes a text takes in UTF-8. */
export function utf8Length(text: string): i32 {
  return isAscii(text) ? text.length : String.UTF8.byteLength(text);
}

/** Writes a text, whose length in UTF-8 is known, to an address. Lone surrogates become U+FFFD. */
export function writeUtf8(to: usize, text: string, length: i32): void {
  let at = changetype<usize>(text);
  const end = at + ((<usize>text.length) << 1);
  // What has as many bytes as units is ASCII.
  if (length != text.length) {
    String.UTF8.encodeUnsafe(at, text.length, to, false, String.UTF8.ErrorMode.REPLACE);
    return;
  }
  for (; at + 8 <= end; at += 8) {
    let four = load<u64>(at);
    four = (four | (four >> 8)) & 0x0000ffff0000ffff;
    store<u32>(to, <u32>(four | (four >> 16)));
    to += 4;
  }
  for (; at < end; at += 2) store<u8>(to++, load<u8>(at));
}

function isAscii(text: string): bool {
  let at = changetype<usize>(text);
  const end = at + ((<usize>text.length) << 1);
  for (; at + 8 <= end; at += 8) if (load<u64>(at) & 0xff80ff80ff80ff80) return false;
  for (; at < end; at += 2) if (load<u16>(at) >= 0x80) return false;
  return true;
}

/** Whether the bytes are UTF-8 as the standard has it: no overlong form, no surrogate, nothing above U+10FFFF. */
export function isUtf8(start: usize, length: usize): bool {
  const end = start + length;
  let at = start;
  while (at < end) {
    // Most text is ASCII: eight bytes at a time.
    if (at + 8 <= end && (load<u64>(at) & 0x8080808080808080) == 0) {
      at += 8;
      continue;
    }
    const size = sequenceSize(at, end);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

/** The size of the well-formed sequence at an address, or 0 if there is none. */
function sequenceSize(at: usize, end: usize): usize {
  const first = load<u8>(at);
  if (first < 0x80) return 1;
  const size: usize = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size == 0 || end - at < size) return 0;
  // The second byte is where overlong forms, surrogates and what is too large show.
  const second = load<u8>(at, 1);
  const least: u8 = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const most: u8 = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  if (size > 2 && (load<u8>(at, 2) & 0xc0) != 0x80) return 0;
  if (size > 3 && (load<u8>(at, 3) & 0xc0) != 0x80) return 0;
  return size;
}
