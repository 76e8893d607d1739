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
