import { createHistogram } from "node:perf_hooks";
import type { BuildResult } from "../build/build-result.ts";
import type { HostError } from "../core/error.ts";
import type { AccessLogEntry } from "../http/access-log.ts";
import type { PluginStatus } from "../plugin/status.ts";
import { summarizeChecks } from "./check-summary.ts";
import type { PinnedOutput } from "./pinned-output.ts";
import { plain } from "./plain.ts";
import { formatBytes, formatDuration } from "./quantities.ts";
import { RunReport, type RunStart } from "./run-report.ts";
import type { TestDocument } from "./test-apart.ts";
import { timeOfDay } from "./text-log.ts";

const NS_PER_MS = 1e6;

/** Who waits for longer wants to know for what. */
const LONG_MS = 1_000;

/** What `tusk dev` prints: what `tusk run` does, builds and tests, and on a terminal how all of it stands. */
export class DevReport extends RunReport {
  readonly #output: PinnedOutput;
  readonly #status: () => PluginStatus | undefined;
  readonly #requests = createHistogram();
  #failed = 0;
  #url = "";
  #build = "…";
  /** What is built now. */
  #building: { readonly since: number; step: string; told: string } | undefined;
  #tests = "…";

  /** @param status How the plugin does now. */
  constructor(output: PinnedOutput, status: () => PluginStatus | undefined) {
    super(output, { everyRequest: true });
    this.#output = output;
    this.#status = status;
  }

  override started(start: RunStart): void {
    super.started({ ...start, watching: undefined });
    if (!this.#output.json) this.#output.line("Building the plugin again when its sources change\n");
    this.#url = start.url;
    this.refresh();
  }

  override requested(entry: AccessLogEntry): void {
    super.requested(entry);
    this.#requests.record(Math.max(1, Math.round(entry.durationMs * NS_PER_MS)));
    if (entry.error || entry.status === undefined || entry.status >= 500) this.#failed++;
    this.refresh();
  }

  building(): void {
    this.#building = { since: performance.now(), step: "", told: "" };
    this.refresh();
  }

  /** What its compiler does now. */
  buildStep(step: string): void {
    if (this.#building) this.#building.step = step;
  }

  /** What was built is what is served. */
  notChanged(): void {
    this.#building = undefined;
    this.refresh();
  }

  /** A second has passed. Who waits for a build sees it go on: pinned on a terminal, elsewhere in lines. */
  tick(): void {
    const building = this.#building;
    const isLong = building && performance.now() - building.since >= LONG_MS;
    if (isLong && !this.#output.pins && building.step !== building.told) {
      building.told = building.step;
      const { step } = building;
      this.tell({ event: "building", details: { step }, label: "builds", style: "dim", text: plain(step) });
    }
    this.refresh();
  }

  /** @param servedMs From the moment when the change was seen to that in which it is served. */
  built({ name, file, sizeBytes, durationMs }: BuildResult, servedMs: number): void {
    const text = `${formatBytes(sizeBytes)} in ${formatDuration(durationMs)}, served after ${formatDuration(servedMs)}`;
    const details = { plugin: name, file, sizeBytes, durationMs, servedMs, memory: this.#status()?.memory };
    this.#building = undefined;
    this.tell({ event: "built", details, style: "green", text: `${plain(name)}: ${text}` });
    this.#build = `✔ ${timeOfDay(Date.now()).slice(0, 8)} ${text}`;
    this.refresh();
  }

  /** It does not build, or what was built is not taken. */
  notBuilt(error: HostError, serves: boolean): void {
    const { code, message } = error;
    const next = serves ? "The build before it serves on." : "It is built again when something changes.";
    this.#building = undefined;
    this.tell({
      event: "not-built",
      level: "error",
      details: { error, serves },
      label: "broken",
      text: `${code}: ${message}\n${next}`,
    });
    const [first = ""] = message.split("\n");
    this.#build = `✖ ${timeOfDay(Date.now()).slice(0, 8)} ${first} ${next}`;
    this.#tests = "…";
    this.refresh();
  }

  testing(): void {
    this.#tests = "testing …";
    this.refresh();
  }

  tested({ checks, passed }: TestDocument, durationMs: number): void {
    const text = `${summarizeChecks(checks)}, in ${formatDuration(durationMs)}`;
    const wrong = checks.filter(({ failure }) => failure !== undefined);
    const lines = wrong.map(({ name, failure }) => `\n  ✖ ${name}: ${failure?.message}`);
    const details = { passed, durationMs, checks };
    this.tell({
      event: "tested",
      details,
      ...(passed ? { style: "green" } : { level: "error" }),
      text: `${text}${lines.join("")}`,
    });
    this.#tests = `${passed ? "✔" : "✖"} ${text}`;
    this.refresh();
  }

  /** The tests themselves did not end as they should. */
  notTested(reason: string): void {
    this.tell({
      event: "not-tested",
      level: "warn",
      details: { reason },
      label: "tested",
      text: `not: ${reason}`,
    });
    this.#tests = `✖ ${reason}`;
    this.refresh();
  }

  /** Brings what is pinned up to date. */
  refresh(): void {
    if (!this.#output.pins) return;
    const status = this.#status();
    const { memory, generation } = status ?? {};
    const { count, max } = this.#requests;
    const p = (percentile: number) => formatDuration(this.#requests.percentile(percentile) / NS_PER_MS);
    const facts: readonly (readonly [string, string])[] = [
      ["plugin", status ? `${plain(status.name)}  ${this.#url}  generation ${generation ?? "-"}` : "…"],
      ["build", this.#buildLine()],
      ["tests", this.#tests],
      [
        "calls",
        count === 0
          ? "none yet"
          : `${count}, ${this.#failed} failed, p50 ${p(50)}, p99 ${p(99)}, max ${formatDuration(max / NS_PER_MS)}`,
      ],
      [
        "memory",
        memory
          ? `${formatBytes(memory.usedBytes)} of ${formatBytes(memory.limitBytes)}, ${formatBytes(memory.peakBytes)} at most`
          : "-",
      ],
    ];
    const lines = facts.map(([title, text]) => `${title.padEnd(7)} ${text}`);
    this.#output.pin(["", ...lines], (line) => this.#paint(line));
  }

  #buildLine(): string {
    if (!this.#building) return this.#build;
    const { since, step } = this.#building;
    const passedMs = performance.now() - since;
    return passedMs < LONG_MS ? "building …" : `building … ${formatDuration(passedMs)}  ${plain(step)}`;
  }

  #paint(line: string): string {
    const title = this.#output.style("bold", line.slice(0, 7));
    const text = line.slice(7);
    if (text.startsWith(" ✔")) return title + this.#output.style("green", text);
    return title + (text.startsWith(" ✖") ? this.#output.style("red", text) : text);
  }
}
