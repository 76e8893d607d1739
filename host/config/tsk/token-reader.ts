import { quote } from "../../core/error-codes.ts";
import { MAX_DEPTH } from "../max-depth.ts";
import { Refusal } from "../refusal.ts";
import type { Place } from "../source.ts";
import type { Lexer } from "./lexer.ts";
import type { Token } from "./token.ts";

/** What a parser asks of its tokens. Whatever does not fit is thrown as a Refusal. */
export class TokenReader {
  readonly #lexer: Lexer;
  #nesting: number;

  /** `nesting` is that of what the text stands in. */
  constructor(lexer: Lexer, nesting = 0) {
    this.#lexer = lexer;
    this.#nesting = nesting;
  }

  get nesting(): number {
    return this.#nesting;
  }

  /** How many brackets are open. */
  get depth(): number {
    return this.#lexer.depth;
  }

  /** Where the next token is looked for. */
  get index(): number {
    return this.#lexer.index;
  }

  peek(): Token {
    return this.#lexer.peek();
  }

  next(): Token {
    return this.#lexer.next();
  }

  isAt(...marks: readonly string[]): boolean {
    const token = this.peek();
    return token.kind === "punctuation" && marks.includes(token.mark);
  }

  takes(...marks: readonly string[]): Token | undefined {
    return this.isAt(...marks) ? this.next() : undefined;
  }

  skipSeparators(): void {
    while (this.peek().kind === "separator") this.next();
  }

  /** Takes the mark that closes what `opener` opened. */
  close(opener: Token, mark: string): void {
    if (this.takes(mark)) return;
    const found = this.peek();
    if (found.kind === "end") this.refuse(opener, `${this.show(opener)} is not closed: ${mark} is missing.`);
    const shown = this.show(found);
    this.refuse(found, `${shown.charAt(0).toUpperCase()}${shown.slice(1)} is not expected here: ${mark} is.`);
  }

  /** Runs `read` one level deeper. */
  nested<T>(read: () => T): T {
    if (this.#nesting >= MAX_DEPTH)
      this.refuse(this.peek(), `This is nested deeper than ${MAX_DEPTH} levels.`);
    this.#nesting++;
    try {
      return read();
    } finally {
      this.#nesting--;
    }
  }

  /** Skips to the end of the line, or to the end of what is open in it; `depth` is that of its start. */
  skipRest(depth: number): void {
    for (;;) {
      try {
        const isInside = this.#lexer.depth > depth;
        const { kind } = this.peek();
        if (kind === "end" || (!isInside && (kind === "separator" || this.isAt("}")))) return;
        this.next();
      } catch {
        this.#lexer.skipLine();
      }
    }
  }

  show(token: Token): string {
    if (token.kind === "end") return "the end";
    if (token.kind === "separator") return "the end of the line";
    return quote(this.#lexer.text.characters.slice(token.start, token.end), 40);
  }

  placeOf(token: Token): Place {
    return this.#lexer.text.placeAt(token.start);
  }

  refuse(token: Token, reason: string): never {
    throw new Refusal(reason, this.placeOf(token));
  }
}
