// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { PluginError } from "../plugin-error";
import { parseDecimal } from "./decimal";

/**
 * A place in JSON text (RFC 8259), and why reading ended there. Each method that can fail notes the reason by `fail`.
 */
export abstract class TextScanner {
  /** The number that `number` has read: the bits of an integer, or of a float. */
  protected bits: u64 = 0;
  protected isFloat: bool = false;
  /** Whether an integer is below 0. */
  protected negative: bool = false;
  private at: i32 = 0;
  private reason: string = "";

  constructor(private readonly text: string) {}

  get failure(): PluginError {
    return PluginError.invalidInput(`not JSON: ${this.reason} at character ${this.at}`);
  }

  /** The first reason stands. Returns false. */
  protected fail(reason: string): bool {
    if (this.reason == "") this.reason = reason;
    return false;
  }

  /** Whether nothing but white space is left. */
  ended(): bool {
    if (this.next() < 0) return true;
    return this.fail("something stands after the value");
  }

  protected key(): string | null {
    if (this.next() == 0x22 /* " */) return this.string();
    this.fail("a key should be a string");
    return null;
  }

  /** The string whose quotation mark is here, or null. */
  protected string(): string | null {
    // Pieces, because adding each escape to a growing text would take quadratic time.
    let pieces: string[] | null = null;
    let start = ++this.at;
    while (true) {
      const char = this.peek();
      if (char == 0x22 /* " */) {
        const last = this.text.substring(start, this.at++);
        if (!pieces) return last;
        pieces.push(last);
        return pieces.join("");
      }
      if (char < 0x20) {
        this.fail(char < 0 ? "it ends early" : "a control character stands in a string");
        return null;
      }
      if (char == 0x5c /* \ */) {
        if (!pieces) pieces = [];
        pieces.push(this.text.substring(start, this.at++));
        const escaped = this.escaped();
        if (escaped < 0) return null;
        pieces.push(String.fromCharCode(escaped));
        start = this.at;
      } else {
        this.at++;
      }
    }
  }

  /** The code unit that an escape stands for, or -1. */
  private escaped(): i32 {
    const char = this.peek();
    const index = char < 0 ? -1 : ESCAPES.indexOf(String.fromCharCode(char));
    if (index >= 0) {
      this.at++;
      return ESCAPED.charCodeAt(index);
    }
    if (char == 0x75 /* u */) {
      let unit = 0;
      for (let i = 1; i <= 4; i++) {
        const digit = hexDigit(this.at + i < this.text.length ? this.text.charCodeAt(this.at + i) : -1);
        if (digit < 0) break;
        unit = (unit << 4) | digit;
        if (i == 4) {
          this.at += 5;
          return unit;
        }
      }
    }
    this.fail("there is no such escape");
    return -1;
  }

  protected number(): bool {
    const start = this.at;
    this.negative = this.takeHere(0x2d /* - */);
    if (!this.takeHere(0x30 /* 0 */) && !this.takeDigits()) return this.fail("a digit is missing");
    const whole = this.at;
    if (this.takeHere(0x2e /* . */) && !this.takeDigits()) return this.fail("a digit is missing");
    if (this.takeHere(0x65 /* e */) || this.takeHere(0x45 /* E */)) {
      if (!this.takeHere(0x2b /* + */)) this.takeHere(0x2d /* - */);
      if (!this.takeDigits()) return this.fail("a digit is missing");
    }
    this.isFloat = this.at > whole || !this.readInteger(start);
    if (this.isFloat) this.bits = reinterpret<u64>(parseDecimal(this.text.substring(start, this.at)));
    return true;
  }

  /** Reads digits as an integer, unless they need more than 64 bits. */
  private readInteger(start: i32): bool {
    const first = this.negative ? start + 1 : start;
    if (this.at - first > 20) return false;
    const limit: u64 = this.negative ? 1 << 63 : u64.MAX_VALUE;
    let value: u64 = 0;
    for (let i = first; i < this.at; i++) {
      const digit: u64 = this.text.charCodeAt(i) - 0x30;
      if (value > (limit - digit) / 10) return false;
      value = value * 10 + digit;
    }
    this.bits = this.negative ? 0 - value : value;
    return true;
  }

  private takeDigits(): bool {
    const start = this.at;
    while (isDigit(this.peek())) this.at++;
    return this.at > start;
  }

  protected takeHere(char: i32): bool {
    if (this.peek() != char) return false;
    this.at++;
    return true;
  }

  protected take(char: i32): bool {
    this.next();
    return this.takeHere(char);
  }

  protected takeWord(word: string): bool {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** The next character that is no white space, or -1 at the end. */
  protected next(): i32 {
    while (true) {
      const char = this.peek();
      if (char != 0x20 && char != 0x0a && char != 0x0d && char != 0x09) return char;
      this.at++;
    }
  }

  private peek(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }
}

const ESCAPES = '"\\/bfnrt';
const ESCAPED = '"\\/\b\f\n\r\t';

export function isDigit(char: i32): bool {
  return char >= 0x30 && char <= 0x39;
}

function hexDigit(char: i32): i32 {
  if (isDigit(char)) return char - 0x30;
  const letter = char | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}
