import type { LogEntry } from "../services/logger/log-entry.ts";
import type { LogSink } from "../services/logger/log-sink.ts";

/** A log that keeps what it is given. */
export interface RecordingLog extends LogSink {
  /** The oldest first. */
  readonly entries: LogEntry[];
}

/** A log for `createHost({ log })` that keeps what it is given. */
export function recordingLog(): RecordingLog {
  const entries: LogEntry[] = [];
  return { entries, write: (entry) => void entries.push(entry) };
}
