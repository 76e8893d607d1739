import type { HostEvent } from "../plugin/events.ts";
import type { ShapeChange } from "../plugin/shape-change.ts";
import type { Output, Style } from "./output.ts";
import { plain } from "./plain.ts";
import { formatBytes, formatDuration } from "./quantities.ts";

const STYLES: Readonly<Record<HostEvent["type"], Style>> = {
  loading: "dim",
  serving: "green",
  swapped: "green",
  refused: "yellow",
  warned: "yellow",
  unhealthy: "yellow",
  healthy: "green",
  failed: "red",
  stopped: "dim",
};

/** The time of day as the log has it: in UTC, with milliseconds. */
export function timeOfDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(11, 23);
}

/** What happened to a plugin, on one line. */
export function eventLine(event: HostEvent, timeMs: number, output: Output): string {
  const label = output.style(STYLES[event.type], event.type.padEnd(7));
  return `${timeOfDay(timeMs)} ${label} ${plain(event.plugin)}${textOf(event)}`;
}

function textOf(event: HostEvent): string {
  switch (event.type) {
    case "loading":
    case "healthy":
      return "";
    case "unhealthy":
      return `: ${event.error.code}: ${event.error.message} It goes on serving.`;
    case "serving":
      return ` in ${formatDuration(event.durationMs)}`;
    case "swapped":
      return `${event.cause === "rollback" ? " back" : ""} to generation ${event.generation} in ${formatDuration(event.durationMs)}: ${changesOf(event.changes)}`;
    case "refused":
      return `: ${event.error.code}: ${event.error.message} What served before goes on.`;
    case "warned":
      return `: ${event.error.code}: ${event.error.message} It is loaded all the same.`;
    case "failed":
      return `: ${event.error.code}: ${event.error.message}`;
    default:
      return event.error ? `, not without a problem: ${event.error.code}: ${event.error.message}` : "";
  }
}

function changesOf(changes: readonly ShapeChange[]): string {
  if (changes.length === 0) return "same shape, new code";
  return changes.map(({ what, from, to }) => `${what} ${quantity(from)} → ${quantity(to)}`).join(", ");
}

/** Sizes come in bytes. */
function quantity(text: string): string {
  if (text === "") return "none";
  return plain(text).replace(/^(\d+) B$/, (_, sizeBytes: string) => formatBytes(Number(sizeBytes)));
}
