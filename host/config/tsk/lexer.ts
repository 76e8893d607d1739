import { quote } from "../../core/error-codes.ts";
import { Refusal } from "../refusal.ts";
import type { SourceText } from "../source-text.ts";
import { parseNumber } from "../parse-number.ts";
import { readString } from "../string-reader.ts";
import { TSK_STRINGS } from "./string-styles.ts";
import type { Token } from "./token.ts";

// Each matches at one place only, and none takes more than linear time.
const SPACE = /[^\S\n]+/y;
const LINE_COMMENT = /(?:#|\/\/)[^\n]*/y;
const WORD = /[$@]?[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*/y;
const NUMBER = /(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const RANGE = /(\d+)-(\d+)/y;
const AFTER_NUMBER = /[\w.-]+/y;
const MARK = /\|\||&&|==|!=|<=|>=|[[\]{}():=,?+*/%!<>-]/y;
/** With these no statement starts, so a line that does continues the one before. */
const CONTINUATION = /[?:+]|\|\||&&|[=!]=/y;
const DIRECTIVE = /^#(?:api|web|cli|cron|middleware|auth|cache|rate-limit)\b.*\{\s*$/;

/**
 * Cuts a `.tsk` text into tokens, one at a time and only as far as asked: in a string, what stands behind
 * an operator is no `.tsk`.
 */
export class Lexer {
  readonly text: SourceText;
  /** How many brackets are open. */
  depth = 0;
  #index: number;
  #peeked: Token | undefined;

  constructor(text: SourceText, index = 0) {
    this.text = text;
    this.#index = index;
  }

  /** Where the next token is looked for. */
  get index(): number {
    return this.#peeked?.start ?? this.#index;
  }

  /** @throws Refusal if there is none. */
  peek(): Token {
    this.#peeked ??= this.#read();
    return this.#peeked;
  }

  /** @throws Refusal if there is none. */
  next(): Token {
    const token = this.peek();
    this.#peeked = undefined;
    this.#index = token.end;
    if (token.kind === "punctuation") {
      if ("([{".includes(token.mark)) this.depth++;
      if (")]}".includes(token.mark)) this.depth--;
    }
    return token;
  }

  /** Gives up on the line at which reading stands. */
  skipLine(): void {
    this.#peeked = undefined;
    const newline = this.text.characters.indexOf("\n", this.#index);
    this.#index = newline < 0 ? this.text.characters.length : newline;
  }

  #read(): Token {
    const start = this.#index;
    const isNewLine = this.#skipBlank();
    if (isNewLine) return { kind: "separator", start, end: this.#index };
    const { characters } = this.text;
    const index = this.#index;
    if (index >= characters.length) return { kind: "end", start: index, end: index };
    const first = characters.charAt(index);
    if (first === ";") return { kind: "separator", start: index, end: index + 1 };
    if (first === '"' || first === "'") return this.#readString(index);
    if (/\d/.test(first)) return this.#readNumber(index);
    return this.#readWord(index) ?? this.#readMark(index);
  }

  /** Moves on to what means something. Whether a new line starts there that does not continue the last one. */
  #skipBlank(): boolean {
    let isNewLine = false;
    for (;;) {
      const before = this.#index;
      this.#match(SPACE);
      if (this.text.characters.charAt(this.#index) === "\n") {
        isNewLine = true;
        this.#index++;
      }
      this.#skipComment();
      if (this.#index === before) break;
    }
    CONTINUATION.lastIndex = this.#index;
    return isNewLine && !CONTINUATION.test(this.text.characters);
  }

  #skipComment(): void {
    const start = this.#index;
    const comment = this.#match(LINE_COMMENT)?.[0];
    if (comment !== undefined && DIRECTIVE.test(comment)) {
      this.#refuse(start, "Settings run no code: a directive with a block has no place here.");
    }
    if (!this.text.characters.startsWith("/*", this.#index)) return;
    const end = this.text.characters.indexOf("*/", this.#index + 2);
    if (end < 0) {
      this.#index = this.text.characters.length;
      this.#refuse(start, "This comment is not closed: */ is missing.");
    }
    this.#index = end + 2;
  }

  #readWord(start: number): Token | undefined {
    const word = this.#find(WORD, start)?.[0];
    if (word === undefined) return undefined;
    const kind = word.startsWith("$") ? "variable" : word.startsWith("@") ? "operator" : "name";
    const path = (kind === "name" ? word : word.slice(1)).split(".");
    return { kind, path, start, end: start + word.length };
  }

  #readString(start: number): Token {
    const { characters } = this.text;
    const opener = characters.startsWith('"""', start) ? '"""' : characters[start] === "'" ? "'" : '"';
    const style = TSK_STRINGS[opener];
    // The rest of the text is no `.tsk`, so that nothing more can be said about it.
    if (style.isLong && !characters.includes(opener, start + 3)) this.#index = characters.length;
    // What starts on a line of its own starts with that line.
    const opened = start + opener.length;
    const newline = style.isLong ? (/^\r?\n/.exec(characters.slice(opened, opened + 2))?.[0] ?? "") : "";
    const { content, end } = readString(this.text, opened + newline.length, style);
    return { kind: "string", content, isTemplate: opener !== "'", start, end };
  }

  #readNumber(start: number): Token {
    const range = this.#find(RANGE, start);
    const digits = range ?? this.#find(NUMBER, start);
    const end = start + (digits?.[0].length ?? 0);
    const rest = this.#find(AFTER_NUMBER, end)?.[0] ?? "";
    const written = this.text.characters.slice(start, end) + rest;
    if (rest !== "" || /^0\d/.test(range?.[2] ?? "") || /^0\d/.test(written)) {
      this.#index = end + rest.length;
      this.#refuse(start, `${quote(written, 40)} is no number. If it is a text, put it in quotes.`);
    }
    if (!range) return { kind: "number", value: this.#numberOf(written, start), start, end };
    const [min, max] = [this.#numberOf(range[1] ?? "", start), this.#numberOf(range[2] ?? "", start)];
    if (min > max) this.#refuse(start, `A range goes upwards. Write ${max}-${min}.`);
    return { kind: "range", min, max, start, end };
  }

  #numberOf(written: string, start: number): number {
    const number = parseNumber(written);
    return number ?? this.#refuse(start, "This number is too large to be kept exactly. Put it in quotes.");
  }

  #readMark(start: number): Token {
    const mark = this.#find(MARK, start)?.[0];
    if (mark !== undefined) return { kind: "punctuation", mark, start, end: start + mark.length };
    const character = String.fromCodePoint(this.text.characters.codePointAt(start) ?? 0);
    return this.#refuse(start, `${quote(character)} means nothing here. If it is a text, put it in quotes.`);
  }

  #find(pattern: RegExp, index: number): RegExpExecArray | null {
    pattern.lastIndex = index;
    return pattern.exec(this.text.characters);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    const match = this.#find(pattern, this.#index);
    if (match) this.#index += match[0].length;
    return match;
  }

  #refuse(index: number, reason: string): never {
    throw new Refusal(reason, this.text.placeAt(index));
  }
}
