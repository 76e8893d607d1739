import { Natural } from "./natural";

// More digits than these change nothing but which side of a tie a number is on, and one digit says that.
const MAX_DIGITS = 800;
const MAX_EXACT_INTEGER: u64 = 1 << 53;

/**
 * The float nearest to a number in JSON text, ties to even.
 *
 * AssemblyScript's own `parseFloat` takes short cuts: one number in ten thousand comes out wrong, and some large ones
 * are by orders of magnitude.
 */
export function parseDecimal(text: string): f64 {
  const negative = text.charCodeAt(0) == 0x2d; // -
  let small: u64 = 0;
  let count = 0;
  let exponent = 0;
  let inFraction = false;
  let at = negative ? 1 : 0;
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at);
    const digit = <u32>(char - 0x30);
    if (char == 0x2e /* . */) inFraction = true;
    else if (digit > 9) break;
    else if (isCounted(count, digit)) {
      if (count < 19) small = 10 * small + digit;
      if (count > 0 || digit != 0) count++;
      if (inFraction) exponent--;
    } else if (!inFraction) exponent++;
  }
  // What is left is an exponent, after its e.
  if (at < text.length) exponent += exponentOf(text.substring(at + 1));
  const isExact = count <= 19 && small <= MAX_EXACT_INTEGER && abs(exponent) <= 22;
  const value = isExact ? scaledExactly(<f64>small, exponent) : scaled(text, count, exponent);
  return negative ? -value : value;
}

function isCounted(count: i32, digit: u32): bool {
  return count < MAX_DIGITS || (count == MAX_DIGITS && digit != 0);
}

/** All digits of a number, those after the point too, as far as they are counted. */
function digitsOf(text: string): Natural {
  const digits = new Natural();
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    const digit = <u32>(char - 0x30);
    if (char == 0x2d /* - */ || char == 0x2e /* . */) continue;
    if (digit > 9) break;
    if (!isCounted(count, digit)) continue;
    digits.multiplyAdd(10, digit);
    if (count > 0 || digit != 0) count++;
  }
  return digits;
}

// Beyond these bounds the value is 0 or infinite, whatever the digits are.
function exponentOf(text: string): i32 {
  const sign = text.charCodeAt(0);
  const start = sign == 0x2d || sign == 0x2b ? 1 : 0; // - +
  let exponent = 0;
  for (let i = start; i < text.length && exponent < 100000; i++)
    exponent = 10 * exponent + text.charCodeAt(i) - 0x30;
  return sign == 0x2d ? -exponent : exponent;
}

// Both operands are exact, so the result is rounded once.
function scaledExactly(value: f64, exponent: i32): f64 {
  let power = 1.0;
  for (let i = abs(exponent); i > 0; i--) power *= 10;
  return exponent < 0 ? value / power : value * power;
}

/** The digits of `text` · 10^`exponent`, by dividing exactly and rounding the quotient once. */
function scaled(text: string, count: i32, exponent: i32): f64 {
  if (count == 0 || count + exponent < -330) return 0;
  if (count + exponent > 310) return Infinity;
  const numerator = digitsOf(text);
  const denominator = new Natural();
  denominator.multiplyAdd(0, 1);
  if (exponent < 0) denominator.multiplyByPowerOf10(-exponent);
  else numerator.multiplyByPowerOf10(exponent);
  // Shifted so that the quotient takes 63 or 64 bits.
  const shift = 63 - (numerator.bits - denominator.bits);
  if (shift > 0) numerator.shiftLeft(shift);
  else denominator.shiftLeft(-shift);
  denominator.shiftLeft(63);
  let quotient: u64 = 0;
  for (let i = 0; i < 64; i++) {
    quotient = (quotient << 1) | u64(numerator.trySubtract(denominator));
    numerator.shiftLeft(1);
  }
  return rounded(quotient, numerator.bits != 0, -shift);
}

/** The float nearest to (`bits` + a bit more, if `inexact`) · 2^`exponent`. `bits` is not 0. */
function rounded(bits: u64, inexact: bool, exponent: i32): f64 {
  const size = 64 - <i32>clz(bits);
  // As many bits as a float has, fewer for a subnormal one.
  const kept = min(53, size + exponent + 1074);
  if (kept < 0) return 0;
  const dropped = size - kept;
  let mantissa: u64 = dropped < 64 ? bits >> dropped : 0;
  const rest = dropped < 64 ? bits & (((<u64>1) << dropped) - 1) : bits;
  const half = (<u64>1) << (dropped - 1);
  if (rest > half || (rest == half && (inexact || (mantissa & 1) != 0))) mantissa++;
  return NativeMath.scalbn(<f64>mantissa, exponent + dropped);
}
