import type { LogEntry } from "./log-entry.ts";

/** Where log lines go. */
export interface LogSink {
  /** Is called in the middle of a plugin's call: it should only take the entry in. */
  write(entry: LogEntry): void;
}
