import { inspect, styleText } from "node:util";
import { HostError, messageOf } from "../core/error.ts";
import { printable } from "../core/error-codes.ts";
import { prettyJson, compactJson } from "../marshal/json-text.ts";
import { EXIT } from "./exit-codes.ts";
import { plain } from "./plain.ts";

/** The looks of a text on a terminal. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/**
 * Where a command prints: results to the standard output, errors and progress to the standard error. With
 * `--json` a result is one JSON document, or one line of it an event.
 */
export class Output {
  readonly json: boolean;
  #isLost = false;

  constructor(json: boolean) {
    this.json = json;
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      // Whoever reads has gone (`tusk list | head -1`): there is nobody left to tell.
      if (error.code === "EPIPE") process.exit();
      this.#lost(error);
    });
    // There is nowhere left to say so.
    process.stderr.on("error", () => undefined);
  }

  /** Characters in a line of the terminal; Infinity if the output goes elsewhere. */
  get width(): number {
    return process.stdout.isTTY ? process.stdout.columns : Infinity;
  }

  line(text = ""): void {
    process.stdout.write(`${text}\n`);
  }

  /** A result, for programs. */
  document(value: unknown): void {
    this.line(prettyJson(value));
  }

  /** `error CODE: message`, and for a fault of the host what is beneath it. */
  error(thrown: unknown): void {
    const error = HostError.is(thrown)
      ? thrown
      : new HostError("HOST_FAULT", { doing: "carried out a command" }, { cause: thrown });
    const isTold = WITH_CAUSE.has(error.code) && error.cause !== undefined;
    const cause = isTold ? printable(inspect(error.cause)) : undefined;
    if (this.json) process.stderr.write(`${compactJson({ error: { ...error.toJSON(), cause } })}\n`);
    else {
      const label = styleText("red", "error", { stream: process.stderr });
      process.stderr.write(
        `${label} ${error.code}: ${error.message}\n${cause === undefined ? "" : `${cause}\n`}`,
      );
    }
  }

  /** What was to be printed is not: whoever runs on does so, and ends with a failure. */
  #lost(error: Error): void {
    if (this.#isLost) return;
    this.#isLost = true;
    process.once("exit", (code) => {
      if (code === EXIT.ok.code) process.exitCode = EXIT.failed.code;
    });
    this.error(new HostError("OUTPUT_LOST", { reason: messageOf(error) }, { cause: error }));
  }

  /** A line for a person only, apart from the results. */
  note(text: string): void {
    if (!this.json) process.stderr.write(`${text}\n`);
  }

  /** `text` as it is, unless a person looks at it: Node knows about terminals, NO_COLOR and FORCE_COLOR. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: process.stdout });
  }

  /**
   * Waits for `work`, which may tell its steps. A person who waits for longer than a second is told for what, each
   * second: in one line on a terminal, elsewhere in a line for each new step.
   */
  async progress<T>(
    what: string,
    work: Promise<T> | ((tell: (step: string) => void) => Promise<T>),
  ): Promise<T> {
    let step = "";
    const doing = typeof work === "function" ? work((now) => (step = now)) : work;
    if (this.json) return doing;
    const { stderr } = process;
    const started = performance.now();
    let told = "";
    const timer = setInterval(() => {
      const line = `${what} … ${Math.round((performance.now() - started) / 1_000)} s  ${plain(step)}`;
      if (stderr.isTTY) stderr.write(`${ERASED_LINE}${line.slice(0, Math.max(0, stderr.columns - 1))}`);
      else if (step !== told) stderr.write(`${what}: ${plain(step)}\n`);
      told = step;
    }, 1_000);
    try {
      return await doing;
    } finally {
      clearInterval(timer);
      if (stderr.isTTY && performance.now() - started >= 1_000) stderr.write(ERASED_LINE);
    }
  }
}

const ERASED_LINE = "\r\u001b[2K";

/** Only these messages refer to it; the others say all that there is to say. */
const WITH_CAUSE: ReadonlySet<string> = new Set(["HOST_FAULT", "SERVICE_FAULT"]);
