import { lastAtMost } from "./last-at-most.ts";
import { Refusal } from "./refusal.ts";
import { SourceText } from "./source-text.ts";

/** How a kind of string is written. */
export interface StringStyle {
  readonly closer: string;
  /** Whether it may go over several lines. */
  readonly isLong: boolean;
  /**
   * Matches an escape where it starts: either the group `hex`, or the group `name`, or neither for one that
   * only takes its meaning from the character behind it.
   */
  readonly escape: RegExp;
  /** What the escapes mean that have a name. */
  readonly meanings: Readonly<Record<string, string>>;
  /** What to say of a backslash that starts no escape; without it, it is a backslash. */
  readonly unknown: string | undefined;
}

/**
 * Reads what is in a string, from behind its opening quote at `start`.
 * Returns it decoded, and the index behind its closing quote.
 *
 * @throws Refusal if it is not closed or has an escape that there is not.
 */
export function readString(
  text: SourceText,
  start: number,
  style: StringStyle,
): { content: SourceText; end: number } {
  const { characters } = text;
  const decoder = new Decoder(text, start);
  // Up to the next character that could mean something.
  const ordinary = /[^"'\\\n]+/y;
  while (!characters.startsWith(style.closer, decoder.index)) {
    const { index } = decoder;
    ordinary.lastIndex = index;
    const run = ordinary.exec(characters)?.[0];
    const character = characters.charAt(index);
    if (run !== undefined) decoder.push(run, run.length);
    else if (character === "" || (character === "\n" && !style.isLong)) {
      const opened = start - style.closer.length;
      throw new Refusal(`This string is not closed: ${style.closer} is missing.`, text.placeAt(opened));
    } else if (character === "\\") decoder.readEscape(style);
    else decoder.push(character, 1);
  }
  return { content: decoder.finish(), end: decoder.index + style.closer.length };
}

/** Takes the escapes out of a string and remembers where each character stood. */
class Decoder {
  index: number;
  readonly #text: SourceText;
  readonly #pieces: string[] = [];
  /** At which index of what is decoded each piece starts, and where that stands in the text. */
  readonly #starts: number[] = [];
  readonly #origins: number[] = [];
  readonly #literal = new Set<number>();
  #length = 0;

  constructor(text: SourceText, index: number) {
    this.#text = text;
    this.index = index;
  }

  push(decoded: string, length: number): void {
    this.#pieces.push(decoded);
    this.#starts.push(this.#length);
    this.#origins.push(this.index);
    this.#length += decoded.length;
    this.index += length;
  }

  readEscape({ escape, meanings, unknown }: StringStyle): void {
    escape.lastIndex = this.index;
    const match = escape.exec(this.#text.characters);
    const { hex, name } = match?.groups ?? {};
    if (match === null) {
      if (unknown !== undefined) throw new Refusal(unknown, this.#text.placeAt(this.index));
      this.push("\\", 1);
    } else if (hex !== undefined) this.push(this.#character(hex), match[0].length);
    else if (name !== undefined) this.push(meanings[name] ?? name, match[0].length);
    else {
      this.index += match[0].length;
      this.#literal.add(this.#length);
    }
  }

  finish(): SourceText {
    const placeAt = (index: number) => {
      const piece = lastAtMost(this.#starts, index);
      return this.#text.placeAt((this.#origins[piece] ?? this.index) + index - (this.#starts[piece] ?? 0));
    };
    return new SourceText(this.#pieces.join(""), placeAt, this.#literal);
  }

  #character(hex: string): string {
    const codePoint = parseInt(hex, 16);
    if (codePoint <= 0x10ffff) return String.fromCodePoint(codePoint);
    throw new Refusal("There is no such character: the last is 10ffff.", this.#text.placeAt(this.index));
  }
}
