const BYTES = { b: 1, kb: 2 ** 10, kib: 2 ** 10, mb: 2 ** 20, mib: 2 ** 20, gb: 2 ** 30, gib: 2 ** 30 };
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "100MB" → 104,857,600 (KB, MB and GB are powers of 1,024, with or without an i). Undefined if it is no size. */
export function parseByteSize(text: string): number | undefined {
  return parseQuantity(text, BYTES);
}

/** "30s" → 30,000 (ms, s, m, h, d). Undefined if it is no duration. */
export function parseDurationMs(text: string): number | undefined {
  return parseQuantity(text, MILLISECONDS);
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,9})?) ?([a-z]{1,3})$/i.exec(text);
  const unit = match?.[2]?.toLowerCase();
  if (unit === undefined || !Object.hasOwn(units, unit)) return undefined;
  return Math.round(Number(match?.[1]) * (units[unit] ?? NaN));
}
