// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { Result } from "../result";
import { MAX_DEPTH } from "./depth";
import { JsonValue } from "./json-value";
import { isDigit, TextScanner } from "./text-scanner";

/** Reads JSON text (RFC 8259): one value of at most 128 levels, without a key that stands twice. */
export function parseJsonText(text: string): Result<JsonValue> {
  const parser = new Parser(text);
  const value = parser.value(0);
  if (value && parser.ended()) return Result.ok<JsonValue>(value);
  return Result.err<JsonValue>(parser.failure);
}

/** Each method returns null after having noted the reason by `fail`. */
class Parser extends TextScanner {
  value(depth: i32): JsonValue | null {
    const char = this.next();
    if (char == 0x7b /* { */) return this.object(depth + 1);
    if (char == 0x5b /* [ */) return this.array(depth + 1);
    if (char == 0x22 /* " */) {
      const text = this.string();
      return text === null ? null : JsonValue.of<string>(text);
    }
    if (char == 0x2d /* - */ || isDigit(char)) return this.number() ? this.numeric() : null;
    if (this.takeWord("null")) return JsonValue.null();
    if (this.takeWord("true")) return JsonValue.of(true);
    if (this.takeWord("false")) return JsonValue.of(false);
    return this.none(char < 0 ? "it ends early" : "no value starts");
  }

  private none(reason: string): JsonValue | null {
    this.fail(reason);
    return null;
  }

  private numeric(): JsonValue {
    if (this.isFloat) return JsonValue.of<f64>(reinterpret<f64>(this.bits));
    return this.negative ? JsonValue.of<i64>(<i64>this.bits) : JsonValue.of<u64>(this.bits);
  }

  private array(depth: i32): JsonValue | null {
    if (depth > MAX_DEPTH) return this.none("it is nested deeper than 128");
    const array = JsonValue.array();
    this.takeHere(0x5b /* [ */);
    if (this.take(0x5d /* ] */)) return array;
    while (true) {
      const element = this.value(depth);
      if (!element) return null;
      array.push(element);
      if (this.take(0x5d /* ] */)) return array;
      if (!this.take(0x2c /* , */)) return this.none("a comma or ] is missing");
    }
  }

  private object(depth: i32): JsonValue | null {
    if (depth > MAX_DEPTH) return this.none("it is nested deeper than 128");
    const object = JsonValue.object();
    this.takeHere(0x7b /* { */);
    if (this.take(0x7d /* } */)) return object;
    while (true) {
      const key = this.key();
      if (key === null) return null;
      if (object.has(key)) return this.none("a key stands twice");
      if (!this.take(0x3a /* : */)) return this.none("a colon is missing");
      const value = this.value(depth);
      if (!value) return null;
      object.set(key, value);
      if (this.take(0x7d /* } */)) return object;
      if (!this.take(0x2c /* , */)) return this.none("a comma or } is missing");
    }
  }
}
