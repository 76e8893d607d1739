import type { HostEvent } from "../plugin/events.ts";
import type { ShapeChange } from "../plugin/shape-change.ts";
import { plain } from "./plain.ts";
import { formatBytes, formatDuration } from "./quantities.ts";
import type { Telling } from "./telling.ts";

const LOOKS: Readonly<Record<HostEvent["type"], Pick<Telling, "level" | "style">>> = {
  loading: { level: "debug" },
  serving: { level: "info", style: "green" },
  swapped: { level: "info", style: "green" },
  refused: { level: "warn" },
  warned: { level: "warn" },
  unhealthy: { level: "warn" },
  healthy: { level: "info", style: "green" },
  failed: { level: "error" },
  stopped: { level: "info" },
};

/** What happened to a plugin, as it is told. */
export function tellingOf(event: HostEvent, timeMs: number): Telling {
  const { type, ...details } = event;
  const text = `${plain(event.plugin)}${textOf(event)}`;
  return { event: type, timeMs, details, label: type, text, ...LOOKS[type] };
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
