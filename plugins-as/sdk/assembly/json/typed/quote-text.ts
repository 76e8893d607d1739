// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

const MAX_UNITS = 40;

/** A text as it may stand in a message: on one line, in quotes, and cut where it is long. */
export function quoteText(text: string): string {
  const pieces: string[] = ['"'];
  const length = min(text.length, MAX_UNITS);
  for (let i = 0; i < length; i++) {
    const char = text.charCodeAt(i);
    if (char == 0x22 || char == 0x5c) pieces.push("\\");
    const isControl = char < 0x20 || (char >= 0x7f && char < 0xa0) || char == 0x2028 || char == 0x2029;
    pieces.push(isControl ? "\\u" + char.toString(16).padStart(4, "0") : text.charAt(i));
  }
  pieces.push(length < text.length ? '…"' : '"');
  return pieces.join("");
}
