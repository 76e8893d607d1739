import { Output } from "./output.ts";

/** Where a terminal does not say how wide it is. */
const USUAL_WIDTH = 80;

/**
 * An output whose last lines stay where they are on a terminal, while all others scroll by above them. Anywhere
 * else there are no such lines.
 */
export class PinnedOutput extends Output {
  #pinned: readonly string[] = [];
  #shown = 0;

  /** Whether there is a terminal to pin anything to. */
  get pins(): boolean {
    return process.stdout.isTTY && !this.json;
  }

  /** Puts `lines` in place of those that are pinned; `style` is what becomes of each once it fits. */
  pin(lines: readonly string[], style: (line: string, row: number) => string = (line) => line): void {
    if (!this.pins) return;
    const width = Math.min(this.width, process.stdout.columns || USUAL_WIDTH) - 1;
    this.#erase();
    this.#pinned = lines.map((line, row) =>
      style(line.length <= width ? line : `${line.slice(0, width - 1)}…`, row),
    );
    this.#draw();
  }

  override line(text = ""): void {
    this.#erase();
    super.line(text);
    this.#draw();
  }

  override error(thrown: unknown): void {
    this.#erase();
    super.error(thrown);
    this.#draw();
  }

  #erase(): void {
    if (this.#shown > 0) process.stdout.write(`\u001b[${this.#shown}A\u001b[0J`);
    this.#shown = 0;
  }

  #draw(): void {
    for (const line of this.#pinned) super.line(line);
    this.#shown = this.#pinned.length;
  }
}
