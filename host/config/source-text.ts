import { Source, type Place } from "./source.ts";

/**
 * Characters to read, each of which knows where in a source it came from: all of a source, or what stands
 * in a string of it once its escapes are decoded.
 */
export class SourceText {
  readonly characters: string;
  readonly #placeAt: (index: number) => Place;
  readonly #literal: ReadonlySet<number>;

  /** `literal` holds the indexes of characters that were escaped, and so mean nothing but themselves. */
  constructor(characters: string, placeAt: (index: number) => Place, literal: ReadonlySet<number> = NONE) {
    this.characters = characters;
    this.#placeAt = placeAt;
    this.#literal = literal;
  }

  static of(source: Source): SourceText {
    return new SourceText(source.text, (offset) => ({ source, offset }));
  }

  placeAt(index: number): Place {
    return this.#placeAt(index);
  }

  isLiteral(index: number): boolean {
    return this.#literal.has(index);
  }
}

const NONE: ReadonlySet<number> = new Set();
