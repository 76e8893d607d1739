import { PLUGIN_KIND_NAMES } from "../component/plugin-kind.ts";
import type { PluginStatus } from "../plugin/status.ts";
import type { Output, Style } from "./output.ts";
import { plain } from "./plain.ts";
import { formatBytes, formatDuration } from "./quantities.ts";
import { type Column, renderTable } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { title: "PLUGIN", shrinks: true },
  { title: "VERSION", shrinks: true },
  { title: "STATE" },
  { title: "KIND" },
  { title: "CAPABILITIES", shrinks: true },
  { title: "MEMORY", align: "right" },
  { title: "GENERATION", align: "right" },
  { title: "LOADED IN", align: "right" },
];

const STATE_COLUMN = 2;

const STATE_STYLES: Readonly<Record<PluginStatus["state"], Style>> = {
  loading: "cyan",
  serving: "green",
  failed: "red",
  stopping: "yellow",
  stopped: "dim",
  disabled: "dim",
};

/** Prints how plugins do, and below that what is wrong with each. */
export function printPlugins(output: Output, plugins: readonly PluginStatus[]): void {
  const rows = plugins.map(rowOf);
  const lines = renderTable(COLUMNS, rows, output.width, (text, row, column) => {
    if (row < 0) return output.style("bold", text);
    const state = plugins[row]?.state;
    return column === STATE_COLUMN && state ? output.style(STATE_STYLES[state], text) : text;
  });
  for (const line of lines) output.line(line);
  for (const { name, problem, passedOver, health } of plugins) {
    if (passedOver !== undefined) {
      const how = `not taken until it changes, or by "tusk reload ${plain(name)}"`;
      output.line(`${plain(name)}: ${output.style("yellow", "rolled back")}; what its file holds is ${how}`);
    }
    if (health?.problem) {
      const { code, message } = health.problem;
      output.line(`${plain(name)}: ${output.style("yellow", "not healthy")} ${code}: ${message}`);
    }
    if (problem)
      output.line(`${plain(name)}: ${output.style("red", "error")} ${problem.code}: ${problem.message}`);
  }
}

function rowOf({
  name,
  info,
  state,
  kind,
  capabilities,
  memory,
  generation,
  loadMs,
}: PluginStatus): string[] {
  return [
    plain(name),
    plain(info?.version ?? "-"),
    state,
    kind ? PLUGIN_KIND_NAMES[kind] : "-",
    capabilities.join(", "),
    memory ? `${formatBytes(memory.usedBytes)} / ${formatBytes(memory.limitBytes)}` : "-",
    generation === undefined ? "-" : String(generation),
    loadMs === undefined ? "-" : formatDuration(loadMs),
  ];
}
