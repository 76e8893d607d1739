// Text as code that compares and copies its bytes.

const encoder = new TextEncoder();

/**
 * Statements that find out which of the texts stands at `at` and is `length` bytes long. Where a number comes, what is to
 * be done for the text of that index is to be put.
 */
export function* switchOnText(texts: readonly string[]): Generator<string | number> {
  const byLength = Map.groupBy(texts.keys(), (i) => encoder.encode(texts[i]).length);
  let joint = "";
  for (const [length, indices] of byLength) {
    yield `${joint}if (length == ${length}) {`;
    for (const i of indices) {
      yield ` if (${isTextAt(texts[i] ?? "")}) {`;
      yield i;
      yield "}";
    }
    yield " }";
    joint = " else ";
  }
}

/** An expression: whether the bytes at `at` are those of the text, as few words at a time as there can be. */
function isTextAt(text: string): string {
  const bytes = encoder.encode(text);
  const view = new DataView(bytes.buffer);
  const tests: string[] = [];
  for (let i = 0; i < bytes.length;) {
    const left = bytes.length - i;
    const size = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    tests.push(`load<u${8 * size}>(at, ${i}) == ${hex(view, i, size)}`);
    i += size;
  }
  return tests.length === 0 ? "true" : tests.join(" && ");
}

function hex(view: DataView, at: number, size: number): string {
  let digits = "";
  for (let i = size - 1; i >= 0; i--)
    digits += view
      .getUint8(at + i)
      .toString(16)
      .padStart(2, "0");
  return `0x${digits}`;
}

/** An expression that writes the text as a string of MessagePack. */
export function writeText(text: string): string {
  const bytes = encoder.encode(text);
  const encoded = [...headOf(bytes.length), ...bytes];
  return `writer.raw(memory.data<u8>([${encoded.join(", ")}]), ${encoded.length})`;
}

function headOf(length: number): number[] {
  if (length < 32) return [0xa0 | length];
  return length < 0x100 ? [0xd9, length] : [0xda, length >> 8, length & 0xff];
}
