import type { Parser, Range, SyntaxNode } from "./syntax.ts";

/**
 * Source text that the transform writes. What is parsed from it stands, for the compiler, where it was written for:
 * so an error is told of the author's own line, and so is a trap.
 */
export class GeneratedText {
  readonly #pieces: { readonly start: number; readonly range: Range }[] = [];
  #text = "";

  /** Appends text that is written for a place in the author's source. */
  add(text: string, range: Range): this {
    this.#pieces.push({ start: this.#text.length, range });
    this.#text += text;
    return this;
  }

  /** The statements that the text is. */
  parse(parser: Parser): SyntaxNode[] {
    // Nobody imports it, so it need not stay among the sources.
    parser.parseFile(this.#text, `~json/${parsed++}.ts`, false);
    const { statements = [] } = parser.sources.pop() ?? {};
    this.#relocate(statements, new Set());
    return statements;
  }

  #relocate(value: unknown, visited: Set<object>): void {
    if (typeof value !== "object" || value === null || visited.has(value)) return;
    visited.add(value);
    if (isNode(value)) value.range = this.#rangeAt(value.range.start);
    for (const [key, child] of Object.entries(value)) if (key !== "range") this.#relocate(child, visited);
  }

  #rangeAt(start: number): Range {
    const piece = this.#pieces.findLast((one) => one.start <= start);
    if (!piece) throw new Error("Text was parsed that nobody has written.");
    return piece.range;
  }
}

// The compiler reads no path twice.
let parsed = 0;

function isNode(value: object): value is SyntaxNode {
  return "kind" in value && "range" in value;
}
