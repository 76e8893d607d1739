import type { ByteSink } from "./wasi-io.ts";

/** A longer line is broken. */
const MAX_LINE_CHARACTERS = 8_192;

/** Of what is written at once. */
const MAX_WRITE_BYTES = 65_536;

/**
 * Takes everything at once, and gives it on by the line. A flush ends no line: the standard library of Rust flushes
 * every piece of what it prints to its standard error.
 */
export class LineSink implements ByteSink, Disposable {
  readonly #writeLine: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #pending = "";

  constructor(writeLine: (line: string) => void) {
    this.#writeLine = writeLine;
  }

  ready(): boolean {
    return true;
  }

  wait(): Promise<void> {
    return Promise.resolve();
  }

  room(): number {
    return MAX_WRITE_BYTES;
  }

  write(contents: Uint8Array): void {
    this.#pending += this.#decoder.decode(contents, { stream: true });
    const complete = this.#pending.split("\n");
    this.#pending = complete.pop() ?? "";
    for (const line of complete) this.#writeLine(this.#broken(line.replace(/\r$/, "")));
    this.#pending = this.#broken(this.#pending);
  }

  flushed(): undefined {
    // What waits is the beginning of a line.
  }

  /** Nothing more is written: what was begun is a line, too. */
  [Symbol.dispose](): void {
    if (this.#pending !== "") this.#writeLine(this.#pending);
    this.#pending = "";
  }

  /** Writes what a line has too much, and returns the rest of it. */
  #broken(line: string): string {
    let rest = line;
    for (; rest.length > MAX_LINE_CHARACTERS; rest = rest.slice(MAX_LINE_CHARACTERS)) {
      this.#writeLine(rest.slice(0, MAX_LINE_CHARACTERS));
    }
    return rest;
  }
}
