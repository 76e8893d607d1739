import type { LogEntry } from "./log-entry.ts";

/** Where log lines go. `write` is called in the middle of a plugin's call: it should only take the entry in. */
export interface LogSink {
  write(entry: LogEntry): void;
}
