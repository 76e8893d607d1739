import { memoryUsage } from "node:process";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { EndedCall } from "../plugin/call-observers.ts";
import type { HostEvent } from "../plugin/events.ts";
import type { PluginStatus } from "../plugin/status.ts";
import type { AccessLogEntry } from "./access-log.ts";

/** Each name is a series that is kept for ever, so that there may only be so many: the others are "other". */
const MAX_NAMES = 200;

/** Any text may stand where a method does. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** From what a plugin does in memory to what the longest default limit allows. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const CIRCUIT = { closed: 0, "half-open": 1, open: 2 } as const;

/** What is measured at the moment when somebody asks, by the names of metrics. */
const GAUGES = {
  tusk_plugin_serving: ["1 while the plugin serves.", ({ state }) => (state === "serving" ? 1 : 0)],
  tusk_plugin_generation: ["Counts the builds of a plugin.", ({ generation }) => generation],
  tusk_plugin_memory_bytes: ["Linear memory in use.", ({ memory }) => memory?.usedBytes],
  tusk_plugin_memory_peak_bytes: ["The most that was in use.", ({ memory }) => memory?.peakBytes],
  tusk_plugin_memory_limit_bytes: ["What may be in use.", ({ memory }) => memory?.limitBytes],
  tusk_plugin_instances: ["Instances that there are.", ({ traffic }) => traffic?.instances],
  tusk_plugin_calls_in_progress: ["Calls that run or wait.", ({ traffic }) => traffic?.busy],
  tusk_plugin_queue_length: ["Calls that wait for an instance.", ({ traffic }) => traffic?.waiting],
  tusk_plugin_circuit: [
    "The circuit breaker: 0 closed, 1 half open, 2 open.",
    ({ circuit }) => circuit && CIRCUIT[circuit],
  ],
} as const satisfies Record<
  string,
  readonly [help: string, valueOf: (plugin: PluginStatus) => number | undefined]
>;

/** What happens in a host, as Prometheus reads it. Each has a registry of its own. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #names = new Set<string>();
  readonly #calls = this.#counter("tusk_calls_total", "Calls of plugins.", ["plugin", "function", "code"]);
  readonly #callSeconds = this.#histogram("tusk_call_duration_seconds", "Waiting included.", [
    "plugin",
    "function",
  ]);
  readonly #fuel = this.#counter("tusk_fuel_total", "What calls cost, about one an instruction.", ["plugin"]);
  readonly #changes = this.#counter("tusk_plugin_changes_total", "Swaps, and what else happened.", [
    "plugin",
    "event",
  ]);
  readonly #requests = this.#counter("tusk_http_requests_total", "Requests.", ["plugin", "method", "status"]);
  readonly #requestSeconds = this.#histogram(
    "tusk_http_request_duration_seconds",
    "To the end of the answer.",
    ["plugin"],
  );
  readonly #sentBytes = this.#counter("tusk_http_sent_bytes_total", "Of bodies.", ["plugin"]);

  /** @param plugins How they are, at any moment. */
  constructor(plugins: () => readonly PluginStatus[]) {
    const nameOf = (plugin: PluginStatus) => this.#nameOf(plugin.name);
    for (const [name, [help, valueOf]] of Object.entries(GAUGES)) {
      this.#gauge(name, help, ["plugin"], (gauge) => {
        for (const plugin of plugins()) gauge.set({ plugin: nameOf(plugin) }, valueOf(plugin) ?? 0);
      });
    }
    this.#gauge("process_resident_memory_bytes", "Of the host, with all its plugins.", [], (gauge) => {
      gauge.set(memoryUsage.rss());
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All of it, in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  called({ plugin, function: functionName, durationMs, fuel, error }: EndedCall): void {
    const labels = { plugin: this.#nameOf(plugin), function: functionName };
    this.#calls.inc({ ...labels, code: error?.code ?? "ok" });
    this.#callSeconds.observe(labels, durationMs / 1_000);
    this.#fuel.inc({ plugin: labels.plugin }, fuel);
  }

  happened({ plugin, type }: HostEvent): void {
    this.#changes.inc({ plugin: this.#nameOf(plugin), event: type });
  }

  requested({ plugin, method, status, sizeBytes, durationMs }: AccessLogEntry): void {
    const labels = { plugin: plugin === undefined ? "" : this.#nameOf(plugin) };
    const known = METHODS.has(method) ? method : "other";
    this.#requests.inc({ ...labels, method: known, status: status ?? "gone" });
    this.#requestSeconds.observe(labels, durationMs / 1_000);
    this.#sentBytes.inc(labels, sizeBytes);
  }

  #nameOf(plugin: string): string {
    if (this.#names.size < MAX_NAMES) this.#names.add(plugin);
    return this.#names.has(plugin) ? plugin : "other";
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.#registry] });
  }

  /** @param measure Sets it anew, whenever somebody asks. */
  #gauge(name: string, help: string, labelNames: string[], measure: (gauge: Gauge) => void): void {
    const collect = function (this: Gauge) {
      this.reset();
      measure(this);
    };
    this.#registry.registerMetric(new Gauge({ name, help, labelNames, registers: [], collect }));
  }
}
