import { type Logger, pino } from "pino";
import type { LogLevel } from "../../component/contract/services.ts";
import { loggableJson } from "../../marshal/json-text.ts";
import type { LogEntry } from "./log-entry.ts";
import type { LogSink } from "./log-sink.ts";

/** Something that the host has to tell. */
export interface LogRecord {
  readonly level: LogLevel;
  /** Its name, for programs: "swapped". */
  readonly event: string;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly timeMs: number;
  /** Under keys other than `level`, `time` and `event`. */
  readonly details: object;
}

/** Takes lines, each with its end. */
export interface LineDestination {
  write(line: string): void;
}

/** The log as JSON, an object a line: what plugins write, as the event "log", and what the host tells. */
export class JsonLog implements LogSink {
  readonly #records: Logger;
  readonly #lines: Logger;

  /** @param level Of records: the mildest that are kept. Lines of plugins were chosen before. */
  constructor(destination: LineDestination, level: LogLevel = "trace") {
    const options = {
      // The time is that of the entry, and the process is nobody's concern.
      base: null,
      timestamp: false,
      messageKey: "message",
      formatters: { level: (label: string) => ({ level: label }) },
      serializers: { fields: loggableJson },
      // What is logged was bounded before.
      depthLimit: 1_000,
      edgeLimit: 1_000_000,
    } as const;
    this.#records = pino({ ...options, level }, destination);
    this.#lines = pino({ ...options, level: "trace" }, destination);
  }

  write({ timeMs, level, message, ...about }: LogEntry): void {
    this.#lines[level]({ time: timeText(timeMs), event: "log", ...about }, message);
  }

  tell({ level, event, timeMs, details }: LogRecord): void {
    this.#records[level]({ time: timeText(timeMs), event, ...details });
  }
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
