/** Below this there is too little to tell. */
const WINDOW_BYTES = 4096;

/** Bits in a byte: text has 4 to 5, code about 6, tables of numbers up to 7; what is random has 7.95 in a window. */
const RANDOM_BITS = 7.8;

/** Stretches of bytes that look random, as what is compressed or encrypted does. */
export function randomStretches(bytes: Uint8Array): { start: number; sizeBytes: number }[] {
  const stretches: { start: number; sizeBytes: number }[] = [];
  for (let start = 0; start + WINDOW_BYTES <= bytes.length; start += WINDOW_BYTES) {
    if (entropyOf(bytes.subarray(start, start + WINDOW_BYTES)) < RANDOM_BITS) continue;
    const last = stretches.at(-1);
    if (last && last.start + last.sizeBytes === start) last.sizeBytes += WINDOW_BYTES;
    else stretches.push({ start, sizeBytes: WINDOW_BYTES });
  }
  return stretches;
}

/** Shannon's, in bits for each byte. */
function entropyOf(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] as number) + 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}
