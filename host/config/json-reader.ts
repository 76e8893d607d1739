import { quote } from "../core/error-codes.ts";
import { MAX_DEPTH } from "./max-depth.ts";
import { parseNumber } from "./parse-number.ts";
import { Refusal } from "./refusal.ts";
import type { Place, Source } from "./source.ts";
import { SourceText } from "./source-text.ts";
import { readString, type StringStyle } from "./string-reader.ts";
import type { Entry, Expression } from "./tsk/syntax.ts";

const JSON_STRING: StringStyle = {
  closer: '"',
  isLong: false,
  // `\\` before an operator takes its meaning from it, as `\` does in `.tsk`.
  escape: /\\(?:u(?<hex>[\da-fA-F]{4})|\\(?=@[A-Za-z_][\w.-]*\()|(?<name>["\\/bfnrt]))/y,
  meanings: { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" },
  unknown: String.raw`There is no such escape. Write \\ for a backslash.`,
};

const BLANK = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z]+/y;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** What a string stands for: itself, or what its operators give. */
export type StringMeaning = (content: SourceText, place: Place) => Expression;

/**
 * Reads JSON (RFC 8259) into the form that `.tsk` is read into, so that each value knows where it stands.
 *
 * @throws Refusal if it is no JSON, or nested deeper than `MAX_DEPTH`.
 */
export function readJson(source: Source, meaningOf: StringMeaning): Expression {
  return new JsonReader(SourceText.of(source), meaningOf).read();
}

class JsonReader {
  readonly #text: SourceText;
  readonly #meaningOf: StringMeaning;
  #index = 0;
  #depth = 0;

  constructor(text: SourceText, meaningOf: StringMeaning) {
    this.#text = text;
    this.#meaningOf = meaningOf;
  }

  read(): Expression {
    const value = this.#value();
    this.#skipBlank();
    if (this.#index < this.#text.characters.length) this.#refuse(`${this.#found()} is too much here.`);
    return value;
  }

  #value(): Expression {
    this.#skipBlank();
    const place = this.#place();
    if (this.#takes("{")) return this.#nested(() => ({ kind: "object", entries: this.#entries(), place }));
    if (this.#takes("[")) return this.#nested(() => ({ kind: "list", items: this.#items(), place }));
    if (this.#takes('"')) return this.#meaningOf(this.#string(), place);
    const numeral = this.#match(NUMBER);
    if (numeral !== undefined) return { kind: "literal", value: this.#number(numeral), place };
    const word = this.#match(WORD);
    const value = WORDS.get(word ?? "");
    if (value !== undefined) return { kind: "literal", value, place };
    this.#index -= word?.length ?? 0;
    return this.#refuse(`A value is expected here, and not ${this.#found()}.`);
  }

  #entries(): Entry[] {
    const entries: Entry[] = [];
    this.#skipBlank();
    if (this.#takes("}")) return entries;
    do {
      this.#skipBlank();
      const keyPlace = this.#place();
      if (!this.#takes('"'))
        this.#refuse(`A name in double quotes is expected here, and not ${this.#found()}.`);
      const key = this.#string().characters;
      this.#expect(":");
      entries.push({ key, isGlobal: false, keyPlace, value: this.#value() });
      this.#skipBlank();
    } while (this.#takes(","));
    this.#expect("}");
    return entries;
  }

  #items(): Expression[] {
    const items: Expression[] = [];
    this.#skipBlank();
    if (this.#takes("]")) return items;
    do {
      items.push(this.#value());
      this.#skipBlank();
    } while (this.#takes(","));
    this.#expect("]");
    return items;
  }

  #string(): SourceText {
    const { content, end } = readString(this.#text, this.#index, JSON_STRING);
    this.#index = end;
    return content;
  }

  #number(numeral: string): number {
    const value = parseNumber(numeral);
    if (value !== undefined) return value;
    this.#index -= numeral.length;
    return this.#refuse("This number is too large to be kept exactly. Put it in quotes.");
  }

  #nested(read: () => Expression): Expression {
    if (this.#depth >= MAX_DEPTH) this.#refuse(`This is nested deeper than ${MAX_DEPTH} levels.`);
    this.#depth++;
    const value = read();
    this.#depth--;
    return value;
  }

  #skipBlank(): void {
    this.#match(BLANK);
  }

  #takes(character: string): boolean {
    const isThere = this.#text.characters[this.#index] === character;
    if (isThere) this.#index++;
    return isThere;
  }

  #expect(character: string): void {
    this.#skipBlank();
    if (!this.#takes(character)) this.#refuse(`A ${character} is expected here, and not ${this.#found()}.`);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#index;
    const match = pattern.exec(this.#text.characters)?.[0];
    this.#index += match?.length ?? 0;
    return match;
  }

  #found(): string {
    const rest = this.#text.characters.slice(this.#index, this.#index + 40);
    const found = /^(?:\w+|[^])/u.exec(rest)?.[0];
    return found === undefined ? "the end" : quote(found);
  }

  #place(): Place {
    return this.#text.placeAt(this.#index);
  }

  #refuse(reason: string): never {
    throw new Refusal(reason, this.#place());
  }
}
