import type { LogLevel } from "../../component/contract/services.ts";
import type { JsonValue } from "../../marshal/json.ts";

/**
 * One line of the log, fit to print: bounded, without control characters, and without the texts that were
 * listed as secrets.
 */
export interface LogEntry {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly timeMs: number;
  readonly plugin: string;
  /** Whether the plugin wrote it, or the host about the plugin. */
  readonly source: "plugin" | "host";
  readonly level: LogLevel;
  readonly message: string;
  /** Of the request that the plugin served, if it served one. */
  readonly requestId?: string | undefined;
  readonly fields?: LogFields | undefined;
}

export type LogFields = Readonly<Record<string, JsonValue>>;
