import { createHash } from "node:crypto";
import { lastAtMost } from "./last-at-most.ts";

/** A text that settings were read from, and where things stand in it. */
export class Source {
  /** The name to show to a person; undefined for a text that came from no file. */
  readonly file: string | undefined;
  readonly text: string;
  #lineStarts: number[] | undefined;
  #fingerprint: string | undefined;

  constructor(text: string, file?: string) {
    this.text = text;
    this.file = file;
  }

  /** The same for the same text. */
  get fingerprint(): string {
    return (this.#fingerprint ??= createHash("sha256").update(this.text).digest("base64"));
  }

  /** Both count from 1; columns are UTF-16 code units, as editors count them. */
  positionAt(offset: number): { line: number; column: number } {
    const starts = (this.#lineStarts ??= lineStartsOf(this.text));
    const line = lastAtMost(starts, offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  }

  /**
   * The line around `offset` with a caret under it, in two lines. `mask` may put other characters in place
   * of what must not be shown, one for one. A long line is cut to what stands near the caret.
   */
  excerptAt(offset: number, mask: (line: string) => string): string {
    const { line, column } = this.positionAt(offset);
    const start = offset - (column - 1);
    const newline = this.text.indexOf("\n", offset);
    const end = newline < 0 ? this.text.length : newline;
    const seen = Math.max(start, offset - MASKED);
    const masked = mask(this.text.slice(seen, Math.min(end, offset + MASKED)));
    const from = Math.max(start, offset - SHOWN);
    const to = Math.min(end, offset + SHOWN);
    const shown = masked.slice(from - seen, to - seen).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");
    const before = from > start ? "…" : "";
    const after = to < end ? "…" : "";
    const margin = String(line);
    const indent = " ".repeat(before.length + (offset - from));
    return `${margin} | ${before}${shown.trimEnd()}${after}\n${" ".repeat(margin.length)} | ${indent}^`;
  }
}

/** How many characters of a line are shown on each side of the caret. */
const SHOWN = 100;
/** How many of them `mask` gets to see, so that it knows what it cuts into. */
const MASKED = 2000;

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

/** One character of a source. */
export interface Place {
  readonly source: Source;
  readonly offset: number;
}

/** Where a value stands that was never written as a text. */
export const NOWHERE: Place = { source: new Source(""), offset: 0 };
