// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { Result } from "../../result";
import { MAX_DEPTH } from "../depth";
import { isDigit, TextScanner } from "../text-scanner";
import { __JsonWriter } from "./json-writer";

/** JSON text as MessagePack: one value of at most 128 levels. Keys may stand twice; who reads them notices. */
export function transcodeJsonText(text: string): Result<Uint8Array> {
  const transcoder = new TextTranscoder(text);
  const whole = transcoder.value(0) && transcoder.ended();
  const bytes = transcoder.writer.take();
  return whole ? Result.ok(bytes) : Result.err<Uint8Array>(transcoder.failure);
}

/** Each method returns false after having noted the reason by `fail`. */
class TextTranscoder extends TextScanner {
  readonly writer: __JsonWriter = new __JsonWriter();

  value(depth: i32): bool {
    const char = this.next();
    if (char == 0x7b /* { */) return this.object(depth + 1);
    if (char == 0x5b /* [ */) return this.array(depth + 1);
    if (char == 0x22 /* " */) return this.write(this.string());
    if (char == 0x2d /* - */ || isDigit(char)) return this.number() && this.numeric();
    if (this.takeWord("null")) this.writer.write<string | null>(null);
    else if (this.takeWord("true")) this.writer.write(true);
    else if (this.takeWord("false")) this.writer.write(false);
    else return this.fail(char < 0 ? "it ends early" : "no value starts");
    return true;
  }

  private write(text: string | null): bool {
    if (text === null) return false;
    this.writer.write<string>(text);
    return true;
  }

  private numeric(): bool {
    if (this.isFloat) this.writer.write(reinterpret<f64>(this.bits));
    else if (this.negative) this.writer.write(<i64>this.bits);
    else this.writer.write(this.bits);
    return true;
  }

  private array(depth: i32): bool {
    if (depth > MAX_DEPTH) return this.fail("it is nested deeper than 128");
    const start = this.writer.open();
    this.takeHere(0x5b /* [ */);
    if (this.take(0x5d /* ] */)) return this.writer.close(start, 0xdd, 0);
    let count = 0;
    while (true) {
      if (!this.value(depth)) return false;
      count++;
      if (this.take(0x5d /* ] */)) return this.writer.close(start, 0xdd, count);
      if (!this.take(0x2c /* , */)) return this.fail("a comma or ] is missing");
    }
  }

  private object(depth: i32): bool {
    if (depth > MAX_DEPTH) return this.fail("it is nested deeper than 128");
    const start = this.writer.open();
    this.takeHere(0x7b /* { */);
    if (this.take(0x7d /* } */)) return this.writer.close(start, 0xdf, 0);
    let count = 0;
    while (true) {
      if (!this.write(this.key())) return false;
      if (!this.take(0x3a /* : */)) return this.fail("a colon is missing");
      if (!this.value(depth)) return false;
      count++;
      if (this.take(0x7d /* } */)) return this.writer.close(start, 0xdf, count);
      if (!this.take(0x2c /* , */)) return this.fail("a comma or } is missing");
    }
  }
}
