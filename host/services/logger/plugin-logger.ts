import type { LoggerService, LogLevel } from "../../component/contract/services.ts";
import type { Clock } from "../../core/clock.ts";
import type { JsonValue } from "../../marshal/json.ts";
import type { LogCleaner } from "./log-cleaner.ts";
import type { LogRate } from "./log-rate.ts";
import type { LogSink } from "./log-sink.ts";

/** What the loggers of all instances of a plugin share. */
export interface PluginLog {
  readonly plugin: string;
  readonly sink: LogSink;
  readonly clock: Clock;
  readonly rate: LogRate;
  readonly cleaner: LogCleaner;
  /** Milder lines are left out. */
  readonly minLevel: LogLevel;
}

const MILDEST_FIRST: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

/** The service `logger` for one instance of a plugin. */
export class PluginLogger implements LoggerService {
  readonly #log: PluginLog;
  #lastError: string | undefined;
  #requestId: string | undefined;

  constructor(log: PluginLog) {
    this.#log = log;
  }

  log(level: LogLevel, message: string, fields: JsonValue | undefined): void {
    const { plugin, sink, clock, rate, cleaner, minLevel } = this.#log;
    if (MILDEST_FIRST.indexOf(level) < MILDEST_FIRST.indexOf(minLevel)) return;
    const admitted = rate.admit();
    if (!admitted && level !== "error") return;
    const text = cleaner.message(message);
    if (level === "error") this.#lastError = text;
    if (!admitted) return;
    sink.write({
      timeMs: clock.now(),
      plugin,
      source: "plugin",
      level,
      message: text,
      ...(this.#requestId !== undefined && { requestId: cleaner.requestId(this.#requestId) }),
      fields: fields === undefined ? undefined : cleaner.fields(fields),
    });
  }

  /** The instance takes one call at a time: what it logs from now on belongs to this one. */
  beginCall(requestId: string | undefined): void {
    this.#requestId = requestId;
  }

  /** The last line of level `error`, even one that the rate limit kept out of the log: why a trap happened. */
  lastWords(): string | undefined {
    return this.#lastError;
  }
}
