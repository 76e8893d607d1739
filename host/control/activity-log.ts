import { EventBus, type HostEvent } from "../plugin/events.ts";
import type { LogEntry } from "../services/logger/log-entry.ts";
import type { LogSink } from "../services/logger/log-sink.ts";

/** Something that a plugin logged, or that happened to it. */
export type Activity =
  | { readonly type: "log"; readonly entry: LogEntry }
  | { readonly type: "event"; readonly timeMs: number; readonly event: HostEvent };

/** Which of it somebody wants. */
export interface ActivityQuery {
  /** How many of the last, at most. */
  readonly lines: number;
  /** Whether what comes, too. */
  readonly follow: boolean;
  /** Whose; of all plugins if it is left out. */
  readonly plugin?: string | undefined;
  /** Only what was logged for this request. */
  readonly request?: string | undefined;
}

/** How much is kept for those who ask later. */
const MAX_KEPT = 1_000;

/** What plugins logged and what happened to them: the last of it, and what follows. */
export class ActivityLog implements LogSink, Disposable {
  readonly #kept: Activity[] = [];
  readonly #bus = new EventBus<Activity>();

  write(entry: LogEntry): void {
    this.#add({ type: "log", entry });
  }

  happened(event: HostEvent, timeMs: number): void {
    this.#add({ type: "event", timeMs, event });
  }

  /**
   * The last of it, and with `follow` all that comes, until this is closed or `signal` is aborted. A reader who is
   * slow loses the oldest of what waits.
   */
  async *read(query: ActivityQuery, signal: AbortSignal): AsyncGenerator<Activity> {
    const { lines, follow } = query;
    // Before anything is awaited, so that nothing falls between what was and what comes.
    const coming = this.#bus.read();
    const end = () => void coming[Symbol.asyncDispose]();
    if (!follow || signal.aborted) end();
    else signal.addEventListener("abort", end);
    try {
      if (lines > 0) yield* this.#kept.filter((activity) => isWanted(activity, query)).slice(-lines);
      for await (const activity of coming) if (isWanted(activity, query)) yield activity;
    } finally {
      signal.removeEventListener("abort", end);
      end();
    }
  }

  /** Ends all who follow. */
  [Symbol.dispose](): void {
    this.#bus.close();
  }

  #add(activity: Activity): void {
    if (this.#kept.push(activity) > MAX_KEPT) this.#kept.shift();
    this.#bus.emit(activity);
  }
}

function isWanted(activity: Activity, { plugin, request }: ActivityQuery): boolean {
  if (plugin !== undefined && pluginOf(activity) !== plugin) return false;
  return request === undefined || (activity.type === "log" && activity.entry.requestId === request);
}

function pluginOf(activity: Activity): string {
  return activity.type === "log" ? activity.entry.plugin : activity.event.plugin;
}
