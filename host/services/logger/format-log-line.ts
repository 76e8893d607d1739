import type { JsonValue } from "../../marshal/json.ts";
import { jsonText } from "../json-text.ts";
import type { LogEntry } from "./log-entry.ts";

/** A log entry as one line to read, without the line's end: `12:00:00.250 warn  api [REQUEST]: slow answer ms=120`. */
export function formatLogLine(entry: LogEntry): string {
  const time = new Date(entry.timeMs).toISOString().slice(11, 23);
  const from = entry.source === "host" ? `${entry.plugin} (host)` : entry.plugin;
  // Before the colon, where nothing is that the plugin writes.
  const request = entry.requestId === undefined ? "" : ` [${entry.requestId}]`;
  const fields = Object.entries(entry.fields ?? {}).map(
    ([key, value]) => ` ${fieldText(key)}=${fieldText(value)}`,
  );
  return `${time} ${entry.level.padEnd(5)} ${from}${request}: ${entry.message}${fields.join("")}`;
}

function fieldText(value: JsonValue): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : jsonText(value);
}
