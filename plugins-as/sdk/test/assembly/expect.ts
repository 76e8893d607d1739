/** Fails the test if the two are not the same, and says what they are. */
export function expect<T>(actual: T, expected: T): void {
  if (actual == expected) return;
  // @ts-ignore: whatever is compared here has a text
  throw new Error(`expected ${expected.toString()}, got ${actual.toString()}`);
}

export function hex(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let i = 0; i < bytes.length; i++) pieces.push(bytes[i].toString(16).padStart(2, "0"));
  return pieces.join("");
}

export function unhex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = <u8>parseInt(text.substring(2 * i, 2 * i + 2), 16);
  return bytes;
}
