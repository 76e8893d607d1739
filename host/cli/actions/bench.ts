import { resolve } from "node:path";
import type { HttpRequestInit } from "../../component/contract/data.ts";
import { parseSettings } from "../../config/parse-settings.ts";
import type { Settings } from "../../config/settings.ts";
import type { PluginHandle } from "../../plugin/plugin-handle.ts";
import type { LogSink } from "../../services/logger/log-sink.ts";
import { type Probe, probesFor } from "../../testing/checks/probes.ts";
import { measureCalls } from "../../testing/measure-calls.ts";
import { measureFuel } from "../../testing/measure-fuel.ts";
import { TEST_DATABASES, TEST_DEFAULTS } from "../../testing/test-defaults.ts";
import { emptyDatabases, findAuthorPlugin } from "../author-plugin.ts";
import {
  benchKey,
  type BenchRecord,
  type BenchResult,
  readBenchRecord,
  writeBenchRecord,
} from "../bench-record.ts";
import { printBench } from "../bench-table.ts";
import { parseCallArguments, verifyCallNames } from "../call-arguments.ts";
import { loadOne } from "../load-one.ts";
import type { Session } from "../session.ts";

export interface BenchOptions {
  readonly config?: string;
  readonly function?: string;
  readonly seconds: number;
  readonly calls: number;
}

const SILENT: LogSink = { write: () => undefined };
const COMMAND = "tusk bench";

/** Measures calls of a plugin, and holds the results against those of the last time. */
export async function bench(
  { output }: Session,
  plugin: string,
  args: readonly string[],
  options: BenchOptions,
): Promise<void> {
  const chosen = options.function === undefined ? undefined : parseChosen(options.function, args);
  const { name, file, folder, settings } = await output.progress(`Building ${plugin}`, (onStep) =>
    findAuthorPlugin(plugin, options.config, onStep),
  );
  const trial = await settingsFor(name, file, settings);
  await using host = await loadOne(name, trial, SILENT, file);
  await using exactHost = await loadOne(name, withExactFuel(trial, name), SILENT, file);
  const handle = host.plugin(name);
  const before = await readBenchRecord(folder, name);
  const results: BenchResult[] = [];
  for (const probe of chosen ? [chosen] : harmlessCalls(handle)) {
    const measuring = measureCalls(handle, probe, {
      durationMs: options.seconds * 1_000,
      calls: options.calls,
    });
    const what = `${probe.capability}.${probe.function}`;
    const measured = await output.progress(`Measuring ${what}`, measuring);
    const fuelPerCall = await measureFuel(exactHost.plugin(name), probe);
    const time = new Date().toISOString();
    const { hash } = handle.status();
    results.push({ function: what, args: probe.args, time, hash, fuelPerCall, ...measured });
  }
  await writeBenchRecord(folder, name, before, results);
  if (output.json) output.document(results.map((result) => ({ ...result, before: lastOf(before, result) })));
  else if (results.length === 0)
    output.line(`${name} has no capability of which a harmless call is known: choose one with --function.`);
  else for (const result of results) printBench(output, name, result, lastOf(before, result));
}

function lastOf(record: BenchRecord, result: BenchResult): BenchResult | undefined {
  return record[benchKey(result)];
}

function parseChosen(text: string, args: readonly string[]): Probe {
  const [capability = "", functionName = ""] = text.split(".", 2);
  verifyCallNames(capability, functionName, COMMAND);
  const values = parseCallArguments(capability, functionName, args, COMMAND);
  return { capability, function: functionName, args: values };
}

/** The kit's probes; but whoever has pages to get is asked for those. */
function harmlessCalls(handle: PluginHandle): readonly Probe[] {
  const { capabilities, routes } = handle.status();
  const pages = routes.filter(({ method, pattern }) => method === "GET" && !/[:*{]/.test(pattern));
  return probesFor({ exports: capabilities }).flatMap((probe) =>
    probe.function === "handle-request" && pages.length > 0
      ? pages.map(({ method, pattern }) => asking(probe, { method, path: pattern }))
      : [probe],
  );
}

function asking({ capability, function: name }: Probe, request: HttpRequestInit): Probe {
  return { capability, function: name, args: [request] };
}

/** The settings that there are for it, or what plugins are tested with; without anything dear to somebody. */
async function settingsFor(name: string, file: string, settings: Settings | undefined): Promise<Settings> {
  const own = settings?.plugins[name];
  if (!own) {
    const plugins = { [name]: { ...TEST_DEFAULTS, path: resolve(file) } };
    return parseSettings({ plugins, databases: TEST_DATABASES });
  }
  const databases = await emptyDatabases(settings);
  const plugins = { ...settings.plugins, [name]: { ...own, trust: TEST_DEFAULTS.trust } };
  return { ...settings, plugins, databases };
}

function withExactFuel(settings: Settings, name: string): Settings {
  const own = settings.plugins[name];
  if (!own) return settings;
  const limits = { ...own.limits, fuel: "exact" } as const;
  return { ...settings, plugins: { ...settings.plugins, [name]: { ...own, limits } } };
}
