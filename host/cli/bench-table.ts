import type { BenchResult } from "./bench-record.ts";
import { compactJson } from "../marshal/json-text.ts";
import type { Output, Style } from "./output.ts";
import { plain } from "./plain.ts";
import { formatBytes, formatDuration } from "./quantities.ts";
import { type Column, renderTable } from "./table.ts";

/** Something that was measured, and whether more of it is better. */
interface Quantity {
  readonly name: string;
  readonly of: (result: BenchResult) => number;
  readonly format: (value: number) => string;
  readonly better: "more" | "less";
}

const count = (value: number) => Math.round(value).toLocaleString("en");

const QUANTITIES: readonly Quantity[] = [
  { name: "calls a second", of: (one) => one.callsPerSecond, format: count, better: "more" },
  { name: "latency p50", of: (one) => one.latencyMs.p50, format: formatLatency, better: "less" },
  { name: "latency p90", of: (one) => one.latencyMs.p90, format: formatLatency, better: "less" },
  { name: "latency p99", of: (one) => one.latencyMs.p99, format: formatLatency, better: "less" },
  { name: "latency max", of: (one) => one.latencyMs.max, format: formatLatency, better: "less" },
  { name: "fuel a call", of: (one) => one.fuelPerCall, format: count, better: "less" },
  { name: "memory", of: (one) => one.memory.usedBytes, format: formatBytes, better: "less" },
  { name: "memory at most", of: (one) => one.memory.peakBytes, format: formatBytes, better: "less" },
];

const COLUMNS: readonly Column[] = [
  { title: "" },
  { title: "NOW", align: "right" },
  { title: "BEFORE", align: "right" },
  { title: "RATIO", align: "right" },
];

const RATIO_COLUMN = 3;

/** Less than this is chance. */
const NOTEWORTHY = 0.1;

/** Prints what calls cost now, and what they cost before. */
export function printBench(
  output: Output,
  plugin: string,
  result: BenchResult,
  before: BenchResult | undefined,
): void {
  const asked = `${result.function} ${result.args.map((arg) => plain(compactJson(arg))).join(" ")}`;
  output.line(`${output.style("bold", plain(plugin))}  ${asked.trimEnd()}  ${count(result.calls)} calls`);
  const rows = QUANTITIES.map(({ name, of, format }) => {
    const now = of(result);
    const then = before && of(before);
    const ratio = then === undefined || then === 0 ? "" : `× ${(now / then).toFixed(2)}`;
    return [name, format(now), then === undefined ? "-" : format(then), ratio];
  });
  const lines = renderTable(COLUMNS, rows, output.width, (text, row, column) => {
    if (row < 0) return output.style("bold", text);
    const quantity = QUANTITIES[row];
    if (column !== RATIO_COLUMN || !quantity || !before) return text;
    const style = styleOf(quantity, quantity.of(result) / quantity.of(before));
    return style ? output.style(style, text) : text;
  });
  for (const line of lines) output.line(`  ${line}`);
  if (before) output.line(output.style("dim", `  Before is ${before.time}.`));
}

function styleOf({ better }: Quantity, ratio: number): Style | undefined {
  if (Math.abs(ratio - 1) < NOTEWORTHY) return undefined;
  return ratio > 1 === (better === "more") ? "green" : "red";
}

/** Calls may be over in microseconds. */
function formatLatency(ms: number): string {
  return ms < 0.1 ? `${(ms * 1_000).toFixed(1)} µs` : formatDuration(ms);
}
