import { jsonText } from "../json-text.ts";
import type { LogEntry } from "./log-entry.ts";

/** A log entry as one line of JSON, without the line's end. */
export function formatLogJson(entry: LogEntry): string {
  const { timeMs, fields, ...rest } = entry;
  const time = new Date(timeMs).toISOString();
  return jsonText(fields === undefined ? { time, ...rest } : { time, ...rest, fields });
}
