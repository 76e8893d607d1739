import type { LogLevel } from "../component/contract/services.ts";
import { LOG_LEVELS } from "../config/settings-options.ts";
import { formatLogLine } from "../services/logger/format-log-line.ts";
import type { LineDestination } from "../services/logger/json-log.ts";
import type { LogEntry } from "../services/logger/log-entry.ts";
import type { Output, Style } from "./output.ts";
import type { ReportLog, Telling } from "./telling.ts";

const STYLES: Readonly<Record<LogLevel, Style | undefined>> = {
  trace: "dim",
  debug: "dim",
  info: undefined,
  warn: "yellow",
  error: "red",
};

/** The log as lines for a person. */
export class TextLog implements ReportLog {
  readonly #destination: LineDestination;
  readonly #style: Output["style"];
  readonly #level: LogLevel;
  readonly #isKept: boolean;

  /**
   * @param level Of what is told: the mildest that is kept. Lines of plugins were chosen before.
   * @param style Gives a text its looks, for somebody who looks at it now. What is kept is plain, and has dates.
   */
  constructor(destination: LineDestination, level: LogLevel, style?: Output["style"]) {
    this.#destination = destination;
    this.#level = level;
    this.#isKept = style === undefined;
    this.#style = style ?? ((_, text) => text);
  }

  write(entry: LogEntry): void {
    const style = STYLES[entry.level];
    const line = formatLogLine(entry);
    this.#line(entry.timeMs, style ? this.#style(style, line) : line);
  }

  tell({ level, timeMs, label, style = STYLES[level] ?? "dim", text }: Telling): void {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(this.#level)) return;
    this.#line(timeMs, `${timeOfDay(timeMs)} ${this.#style(style, label.padEnd(7))} ${text}`.trimEnd());
  }

  #line(timeMs: number, text: string): void {
    const date = this.#isKept ? `${new Date(timeMs).toISOString().slice(0, 10)} ` : "";
    this.#destination.write(`${date}${text}\n`);
  }
}

/** The time of day as the log has it: in UTC, with milliseconds. */
export function timeOfDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(11, 23);
}
