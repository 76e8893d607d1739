import { relative } from "node:path";
import { HostError } from "../core/error.ts";
import type { AccessLogEntry } from "../http/access-log.ts";
import type { ServedRoutes } from "../http/http-server.ts";
import type { HostEvent } from "../plugin/events.ts";
import type { PluginStatus } from "../plugin/status.ts";
import { formatLogLine } from "../services/logger/format-log-line.ts";
import type { LogEntry } from "../services/logger/log-entry.ts";
import type { LogSink } from "../services/logger/log-sink.ts";
import { eventLine, timeOfDay } from "./event-line.ts";
import type { Output, Style } from "./output.ts";
import { plain } from "./plain.ts";
import { printPlugins } from "./plugin-table.ts";
import { formatDuration } from "./quantities.ts";

const LOG_STYLES: Readonly<Partial<Record<LogEntry["level"], Style>>> = {
  trace: "dim",
  debug: "dim",
  warn: "yellow",
  error: "red",
};

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

/** What `tusk run` prints: lines for a person, or one JSON object a line. */
export class RunReport implements LogSink {
  readonly #output: Output;
  readonly #everyRequest: boolean;
  #refused: readonly HostError[] = [];

  /** @param everyRequest Whether requests are told that went well. */
  constructor(output: Output, everyRequest: boolean) {
    this.#output = output;
    this.#everyRequest = everyRequest;
  }

  started({ url, adminUrl, control, routes, plugins, watching }: RunStart): void {
    if (this.#output.json) {
      const { mounted, refused } = routes;
      this.#record("started", { url, adminUrl, control, watching, plugins, routes: mounted, refused });
      return;
    }
    if (plugins.length > 0) printPlugins(this.#output, plugins);
    else this.#output.line("No plugins.");
    this.#output.line();
    this.#output.line(`Listening on ${this.#output.style("bold", url)}`);
    for (const line of this.#routeLines(routes)) this.#output.line(`  ${line}`);
    if (adminUrl !== undefined) this.#output.line(`Health and metrics on ${adminUrl}`);
    if (watching !== undefined)
      this.#output.line(`Watching ${relative(".", watching)}, and the file of each plugin`);
    this.routesChanged(routes);
    for (const { name, trust } of plugins) {
      for (const { code, message } of trust?.warnings ?? [])
        this.#line("warned", "yellow", `${plain(name)}: ${code}: ${message} It is loaded all the same.`);
    }
    this.#output.line();
  }

  /** Tells where it is to be reached from now on. */
  moved(to: Pick<RunStart, "url" | "adminUrl">): void {
    const admin = to.adminUrl === undefined ? "" : `, health and metrics on ${to.adminUrl}`;
    this.tell("moved", to, "moved", "green", `Listening on ${to.url}${admin}`);
  }

  /** Tells of routes that are not served, once each. */
  routesChanged({ refused }: ServedRoutes): void {
    const known = new Set(this.#refused.map(({ message }) => message));
    this.#refused = refused;
    for (const error of refused.filter(({ message }) => !known.has(message))) {
      if (this.#output.json) this.#record("route-refused", { error });
      else this.#line("refused", "yellow", `${error.code}: ${error.message}`);
    }
  }

  happened(event: HostEvent, timeMs: number): void {
    const { type, ...details } = event;
    if (this.#output.json) this.#record(type, details, timeMs);
    else this.#output.line(eventLine(event, timeMs, this.#output));
  }

  requested(entry: AccessLogEntry): void {
    const { error, method, path, status, plugin, id, durationMs } = entry;
    const failed =
      error !== undefined && !HostError.is(error, "PLUGIN_ERROR") && !HostError.is(error, "PLUGIN_ABORTED");
    if (!failed && !this.#everyRequest) return;
    if (this.#output.json) {
      this.#record("request", { ...entry });
      return;
    }
    const reason = error ? `: ${error.code}: ${error.message}` : "";
    const asked = plugin === undefined ? "" : ` ${plain(plugin)}`;
    const text = `${method} ${plain(path)} ${status ?? "gone"} in ${formatDuration(durationMs)}${asked} ${id}${reason}`;
    this.#line("request", failed ? "red" : "dim", text);
  }

  write(entry: LogEntry): void {
    if (this.#output.json) {
      const { timeMs, ...rest } = entry;
      this.#record("log", rest, timeMs);
      return;
    }
    const style = LOG_STYLES[entry.level];
    const line = formatLogLine(entry);
    this.#output.line(style ? this.#output.style(style, line) : line);
  }

  settingsTaken(): void {
    if (this.#output.json) this.#record("settings-taken", {});
    else this.#line("settings", "green", "read again, and taken");
  }

  settingsRefused(error: unknown): void {
    this.#output.error(error);
    if (this.#output.json) this.#record("settings-refused", {});
    else this.#line("settings", "yellow", "read again, and refused: those from before go on");
  }

  stopping(signal: string): void {
    if (this.#output.json) this.#record("stopping", { signal });
    else this.#line("ending", "dim", `on ${signal}, once what runs has ended. Once more ends at once.`);
  }

  stopped(): void {
    if (this.#output.json) this.#record("ended", {});
    else this.#line("ended", "dim", "");
  }

  /** Tells of something: `details` for programs, `label` and `text` for a person. */
  protected tell(event: string, details: object, label: string, style: Style, text: string): void {
    if (this.#output.json) this.#record(event, details);
    else this.#line(label, style, text);
  }

  #routeLines({ mounted }: ServedRoutes): string[] {
    const width = Math.max(0, ...mounted.map(({ pattern }) => pattern.length));
    return mounted.map(
      ({ method, pattern, plugin }) =>
        `${method.padEnd(7)} ${pattern.padEnd(width)}  ${this.#output.style("dim", plain(plugin))}`,
    );
  }

  #line(label: string, style: Style, text: string): void {
    this.#output.line(
      `${timeOfDay(Date.now())} ${this.#output.style(style, label.padEnd(7))} ${text}`.trimEnd(),
    );
  }

  #record(event: string, details: object, timeMs = Date.now()): void {
    this.#output.record({ time: new Date(timeMs).toISOString(), event, ...details });
  }
}
