import { inspect } from "node:util";
import type { LogSettings } from "../config/settings.ts";
import { HostError, messageOf } from "../core/error.ts";
import { printable } from "../core/error-codes.ts";
import type { AccessLogEntry } from "../http/access-log.ts";
import type { ServedRoutes } from "../http/http-server.ts";
import type { HostEvent } from "../plugin/events.ts";
import type { PluginStatus } from "../plugin/status.ts";
import { JsonLog, type LineDestination } from "../services/logger/json-log.ts";
import type { LogEntry } from "../services/logger/log-entry.ts";
import type { LogSink } from "../services/logger/log-sink.ts";
import { tellingOf } from "./event-telling.ts";
import type { Output } from "./output.ts";
import { plain } from "./plain.ts";
import { printStart } from "./print-start.ts";
import { formatDuration } from "./quantities.ts";
import type { ReportLog, Telling } from "./telling.ts";
import { TextLog } from "./text-log.ts";

/** Where a host that runs is to be reached, and what it watches. */
export interface RunStart {
  readonly url: string;
  /** Of health and metrics; undefined if there are none. */
  readonly adminUrl: string | undefined;
  /** Where it listens for `tusk reload` and the like; undefined if nowhere. */
  readonly control: string | undefined;
  readonly routes: ServedRoutes;
  readonly plugins: readonly PluginStatus[];
  /** Undefined if nothing is. */
  readonly watching: string | undefined;
}

/** What is told, and where. */
export interface ReportOptions {
  /** Whether requests are told that went well. Not by default. */
  readonly everyRequest?: boolean;
  readonly log?: Pick<LogSettings, "level" | "format">;
  /** Takes all of it; what is printed then is that the host starts and ends. */
  readonly file?: LineDestination | undefined;
}

/** What `tusk run` tells: lines for a person, or one JSON object a line. */
export class RunReport implements LogSink {
  readonly #output: Output;
  readonly #everyRequest: boolean;
  /** Whether what is printed is for programs. */
  readonly #json: boolean;
  readonly #printed: ReportLog;
  /** Where all is told. */
  readonly #log: ReportLog;
  #refused: readonly HostError[] = [];

  constructor(output: Output, { everyRequest = false, log, file }: ReportOptions = {}) {
    const { level = "trace", format } = log ?? {};
    this.#output = output;
    this.#everyRequest = everyRequest;
    this.#json = output.json || (!file && format === "json");
    const printed = { write: (line: string) => output.line(line.slice(0, -1)) };
    const printedLevel = file ? "trace" : level;
    this.#printed = this.#json
      ? new JsonLog(printed, printedLevel)
      : new TextLog(printed, printedLevel, (style, text) => output.style(style, text));
    if (!file) this.#log = this.#printed;
    else this.#log = format === "text" ? new TextLog(file, level) : new JsonLog(file, level);
  }

  started(start: RunStart): void {
    const { routes, ...rest } = start;
    const details = { ...rest, routes: routes.mounted, refused: routes.refused };
    const started = { event: "started", details, text: `and listening on ${start.url}` };
    if (this.#json) {
      this.#announce(started);
      return;
    }
    if (this.#log !== this.#printed) this.tell(started);
    printStart(this.#output, start);
    this.routesChanged(routes);
    for (const { name, trust } of start.plugins) {
      for (const { code, message } of trust?.warnings ?? []) {
        const text = `${plain(name)}: ${code}: ${message} It is loaded all the same.`;
        const warned = { plugin: name, error: { code, message } };
        this.tell({ event: "warned", level: "warn", details: warned, text });
      }
    }
    this.#output.line();
  }

  /** Tells where it is to be reached from now on. */
  moved(to: Pick<RunStart, "url" | "adminUrl">): void {
    const admin = to.adminUrl === undefined ? "" : `, health and metrics on ${to.adminUrl}`;
    this.tell({ event: "moved", style: "green", details: to, text: `Listening on ${to.url}${admin}` });
  }

  /** Tells of routes that are not served, once each. */
  routesChanged({ refused }: ServedRoutes): void {
    const known = new Set(this.#refused.map(({ message }) => message));
    this.#refused = refused;
    for (const error of refused.filter(({ message }) => !known.has(message))) {
      const text = `${error.code}: ${error.message}`;
      this.tell({ event: "route-refused", level: "warn", details: { error }, label: "refused", text });
    }
  }

  happened(event: HostEvent, timeMs: number): void {
    this.#log.tell(tellingOf(event, timeMs));
  }

  requested({ id: requestId, ...entry }: AccessLogEntry): void {
    const { error, method, path, status, plugin, durationMs } = entry;
    const failed =
      error !== undefined && !HostError.is(error, "PLUGIN_ERROR") && !HostError.is(error, "PLUGIN_ABORTED");
    if (!failed && !this.#everyRequest) return;
    const reason = error ? `: ${error.code}: ${error.message}` : "";
    const asked = plugin === undefined ? "" : ` ${plain(plugin)}`;
    const text = `${method} ${plain(path)} ${status ?? "gone"} in ${formatDuration(durationMs)}${asked} [${requestId}]${reason}`;
    this.tell({ event: "request", level: failed ? "error" : "info", details: { requestId, ...entry }, text });
  }

  write(entry: LogEntry): void {
    this.#log.write(entry);
  }

  /** Something went wrong in the host itself, and it goes on. */
  fault(error: HostError): void {
    const cause = printable(inspect(error.cause));
    this.tell({
      event: "fault",
      level: "error",
      details: { error, cause },
      text: `${error.code}: ${error.message} ${cause}`,
    });
  }

  settingsTaken(): void {
    const text = "read again, and taken";
    this.tell({ event: "settings-taken", label: "settings", style: "green", text });
  }

  settingsRefused(error: unknown): void {
    this.#output.error(error);
    // Whoever reads a file does not see what is printed.
    const reason = this.#log === this.#printed ? "" : `. ${messageOf(error)}`;
    const text = `read again, and refused: those from before go on${reason}`;
    this.tell({ event: "settings-refused", level: "warn", details: { error }, label: "settings", text });
  }

  /** There was no room for lines of the log. */
  linesLost(lines: number): void {
    const text = `the file can be written to again; ${lines} lines were lost`;
    this.tell({ event: "log-recovered", level: "warn", details: { lostLines: lines }, label: "log", text });
  }

  stopping(signal: string): void {
    const text = `on ${signal}, once what runs has ended. Once more ends at once.`;
    this.#announce({ event: "stopping", details: { signal }, label: "ending", text });
  }

  stopped(): void {
    this.#announce({ event: "ended", text: "" });
  }

  /** Tells of something that was not told elsewhere. */
  protected tell(told: Told): void {
    this.#log.tell(telling(told));
  }

  /** Tells of what whoever started the host wants to see, even if all else is told elsewhere. */
  #announce(told: Told): void {
    this.tell(told);
    if (this.#log !== this.#printed) this.#printed.tell(telling(told));
  }
}

/** At the level "info", of now, and labelled with the event, unless something else is said. */
type Told = Pick<Telling, "event" | "text"> & Partial<Telling>;

function telling(told: Told): Telling {
  return { level: "info", timeMs: Date.now(), details: {}, label: told.event, ...told };
}
