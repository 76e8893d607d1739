import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../core/write-atomically.ts";
import type { CallMeasurement } from "../testing/measure-calls.ts";
import { compactJson, prettyJson } from "../marshal/json-text.ts";

/** What calls cost when they were last measured. */
export interface BenchResult extends CallMeasurement {
  /** `http-plugin.handle-request`. */
  readonly function: string;
  readonly args: readonly unknown[];
  /** About one for each instruction. */
  readonly fuelPerCall: number;
  /** When, as in ISO 8601. */
  readonly time: string;
  /** SHA-256 of the build. */
  readonly hash: string | undefined;
}

/** Results by function and arguments: only what was asked the same is compared. */
export type BenchRecord = Readonly<Record<string, BenchResult>>;

export function benchKey({ function: name, args }: Pick<BenchResult, "function" | "args">): string {
  return `${name} ${compactJson(args)}`;
}

/** The results that were kept of a plugin; none where the file holds anything else. */
export async function readBenchRecord(folder: string, plugin: string): Promise<BenchRecord> {
  const text = await readFile(recordFile(folder, plugin), "utf8").catch(() => "{}");
  try {
    const record = JSON.parse(text) as Record<string, Partial<BenchResult> | null> | null;
    const whole = Object.entries(record ?? {}).filter(([, one]) => one?.latencyMs && one.memory && one.time);
    return Object.fromEntries(whole) as BenchRecord;
  } catch {
    return {};
  }
}

/** Keeps results in place of those that asked the same, beside others. */
export async function writeBenchRecord(
  folder: string,
  plugin: string,
  before: BenchRecord,
  results: readonly BenchResult[],
): Promise<void> {
  const record = { ...before, ...Object.fromEntries(results.map((result) => [benchKey(result), result])) };
  await writeAtomically(recordFile(folder, plugin), prettyJson(record));
}

function recordFile(folder: string, plugin: string): string {
  return join(folder, ".tusk", `bench-${plugin}.json`);
}
