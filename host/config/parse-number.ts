/** The value of a numeral, or undefined if it cannot be kept: an integer that would lose digits, or infinity. */
export function parseNumber(numeral: string): number | undefined {
  const value = Number(numeral);
  const isInteger = !/[.eE]/.test(numeral) || /^-?0[xX]/.test(numeral);
  const isKept = isInteger ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isKept ? value : undefined;
}
