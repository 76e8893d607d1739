// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { PluginError } from "../plugin-error";
import { Result } from "../result";
import { MAX_DEPTH } from "./depth";
import { parseDecimal } from "./decimal";
import { JsonValue } from "./json-value";

/** Reads JSON text (RFC 8259): one value of at most 128 levels, without a key that stands twice. */
export function parseJsonText(text: string): Result<JsonValue> {
  const parser = new Parser(text);
  const value = parser.value(0);
  if (value && parser.ended()) return Result.ok<JsonValue>(value);
  return Result.err<JsonValue>(parser.failure);
}

/** Each method returns null after having noted the reason by `fail`. */
class Parser {
  private at: i32 = 0;
  private reason: string = "";

  constructor(private readonly text: string) {}

  get failure(): PluginError {
    return PluginError.invalidInput(`not JSON: ${this.reason} at character ${this.at}`);
  }

  private fail(reason: string): JsonValue | null {
    if (this.reason == "") this.reason = reason;
    return null;
  }

  /** Whether nothing but white space is left. */
  ended(): bool {
    if (this.next() < 0) return true;
    this.fail("something stands after the value");
    return false;
  }

  value(depth: i32): JsonValue | null {
    const char = this.next();
    if (char == 0x7b /* { */) return this.object(depth + 1);
    if (char == 0x5b /* [ */) return this.array(depth + 1);
    if (char == 0x22 /* " */) {
      const text = this.string();
      return text === null ? null : JsonValue.of<string>(text);
    }
    if (char == 0x2d /* - */ || isDigit(char)) return this.number();
    if (this.takeWord("null")) return JsonValue.null();
    if (this.takeWord("true")) return JsonValue.of(true);
    if (this.takeWord("false")) return JsonValue.of(false);
    return this.fail(char < 0 ? "it ends early" : "no value starts");
  }

  private array(depth: i32): JsonValue | null {
    if (depth > MAX_DEPTH) return this.fail("it is nested deeper than 128");
    const array = JsonValue.array();
    this.at++;
    if (this.take(0x5d /* ] */)) return array;
    while (true) {
      const element = this.value(depth);
      if (!element) return null;
      array.push(element);
      if (this.take(0x5d /* ] */)) return array;
      if (!this.take(0x2c /* , */)) return this.fail("a comma or ] is missing");
    }
  }

  private object(depth: i32): JsonValue | null {
    if (depth > MAX_DEPTH) return this.fail("it is nested deeper than 128");
    const object = JsonValue.object();
    this.at++;
    if (this.take(0x7d /* } */)) return object;
    while (true) {
      if (this.next() != 0x22 /* " */) return this.fail("a key should be a string");
      const key = this.string();
      if (key === null) return null;
      if (object.has(key)) return this.fail("a key stands twice");
      if (!this.take(0x3a /* : */)) return this.fail("a colon is missing");
      const value = this.value(depth);
      if (!value) return null;
      object.set(key, value);
      if (this.take(0x7d /* } */)) return object;
      if (!this.take(0x2c /* , */)) return this.fail("a comma or } is missing");
    }
  }

  private string(): string | null {
    // Pieces, because adding each escape to a growing text would take quadratic time.
    const pieces: string[] = [];
    let start = ++this.at;
    while (true) {
      const char = this.peek();
      if (char == 0x22 /* " */) {
        const last = this.text.substring(start, this.at++);
        if (pieces.length == 0) return last;
        pieces.push(last);
        return pieces.join("");
      }
      if (char < 0x20) {
        this.fail(char < 0 ? "it ends early" : "a control character stands in a string");
        return null;
      }
      if (char == 0x5c /* \ */) {
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

  private number(): JsonValue | null {
    const start = this.at;
    const negative = this.takeHere(0x2d /* - */);
    if (!this.takeHere(0x30 /* 0 */) && !this.takeDigits()) return this.fail("a digit is missing");
    const whole = this.at;
    if (this.takeHere(0x2e /* . */) && !this.takeDigits()) return this.fail("a digit is missing");
    if (this.takeHere(0x65 /* e */) || this.takeHere(0x45 /* E */)) {
      if (!this.takeHere(0x2b /* + */)) this.takeHere(0x2d /* - */);
      if (!this.takeDigits()) return this.fail("a digit is missing");
    }
    const text = this.text.substring(start, this.at);
    const integer = this.at == whole ? integerOf(text, negative) : null;
    return integer ? integer : JsonValue.of<f64>(parseDecimal(text));
  }

  private takeDigits(): bool {
    const start = this.at;
    while (isDigit(this.peek())) this.at++;
    return this.at > start;
  }

  private takeHere(char: i32): bool {
    if (this.peek() != char) return false;
    this.at++;
    return true;
  }

  private take(char: i32): bool {
    this.next();
    return this.takeHere(char);
  }

  private takeWord(word: string): bool {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** The next character that is no white space, or -1 at the end. */
  private next(): i32 {
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

function isDigit(char: i32): bool {
  return char >= 0x30 && char <= 0x39;
}

function hexDigit(char: i32): i32 {
  if (isDigit(char)) return char - 0x30;
  const letter = char | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

/** Digits as an integer, or null if they need more than 64 bits. */
function integerOf(text: string, negative: bool): JsonValue | null {
  const start = negative ? 1 : 0;
  if (text.length - start > 20) return null;
  const limit: u64 = negative ? 1 << 63 : u64.MAX_VALUE;
  let value: u64 = 0;
  for (let i = start; i < text.length; i++) {
    const digit: u64 = text.charCodeAt(i) - 0x30;
    if (value > (limit - digit) / 10) return null;
    value = value * 10 + digit;
  }
  return negative ? JsonValue.of<i64>(<i64>(0 - value)) : JsonValue.of<u64>(value);
}
