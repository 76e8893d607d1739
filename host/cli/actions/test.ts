import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildPlugin } from "../../build/build-plugin.ts";
import { loadSettings } from "../../config/load-settings.ts";
import { parseSettings } from "../../config/parse-settings.ts";
import type { Settings } from "../../config/settings.ts";
import { HostError } from "../../core/error.ts";
import { writeAtomically } from "../../core/write-atomically.ts";
import { testPlugin, testWithSettings } from "../../testing/test-plugin.ts";
import { junitReport, type TestReport } from "../../testing/test-report.ts";
import type { Output } from "../output.ts";
import { formatDuration } from "../quantities.ts";
import type { Session } from "../session.ts";

export interface TestCommandOptions {
  readonly config?: string;
  readonly junit?: string;
}

/** Tests plugins one after the other, and prints what is true of each and what is not. */
export async function test(
  session: Session,
  plugins: readonly string[],
  options: TestCommandOptions,
): Promise<void> {
  const { output } = session;
  const reports: TestReport[] = [];
  for (const plugin of plugins) {
    const report = await output.progress(`Testing ${plugin}`, testOne(plugin, options));
    reports.push(report);
    if (!output.json) print(output, report);
  }
  if (options.junit !== undefined) await writeAtomically(options.junit, junitReport(reports));
  if (output.json) output.document(reports.map(asDocument));
  if (!reports.every(({ passed }) => passed)) session.exit = "failed";
}

async function testOne(plugin: string, { config }: TestCommandOptions): Promise<TestReport> {
  const isFolder = existsSync(plugin) && statSync(plugin).isDirectory();
  const file = isFolder ? (await buildPlugin(plugin)).file : plugin;
  const name = basename(file, ".wasm");
  const beside = join(isFolder ? plugin : dirname(plugin), "tusk.json");
  const found = config ?? (existsSync(beside) ? beside : undefined);
  if (found === undefined) return testPlugin(file);
  const settings = await loadSettings(found, { env: process.env });
  const own = settings.plugins[name];
  if (!own) {
    // Settings of other plugins say nothing of this one.
    if (config === undefined) return testPlugin(file);
    throw new HostError("PLUGIN_UNKNOWN", { plugin: name, known: Object.keys(settings.plugins) });
  }
  const tested = { ...settings, databases: await testDatabases(settings) };
  return testWithSettings(name, { ...tested, plugins: { [name]: { ...own, path: file } } }, name);
}

/** Tests write, and may not touch what is dear to somebody: every database is an empty one in memory. */
async function testDatabases({ databases }: Settings): Promise<Settings["databases"]> {
  const urls = Object.keys(databases).map((name) => [name, "sqlite::memory:"]);
  const empty = await parseSettings({ plugins: {}, databases: Object.fromEntries(urls) });
  return empty.databases;
}

function print(output: Output, { plugin, checks, passed }: TestReport): void {
  output.line(`${output.style("bold", plugin)}  ${output.style(passed ? "green" : "red", summary(checks))}`);
  for (const { name, failure, durationMs } of checks) {
    const mark = failure ? output.style("red", "✖") : output.style("green", "✔");
    output.line(`  ${mark} ${name}  ${output.style("dim", formatDuration(durationMs))}`);
    if (failure) output.line(`      ${failure.message}`);
  }
}

function summary(checks: TestReport["checks"]): string {
  const failed = checks.filter(({ failure }) => failure !== undefined).length;
  return failed === 0 ? `${checks.length} facts hold` : `${failed} of ${checks.length} facts do not hold`;
}

function asDocument({ log, checks, ...report }: TestReport): object {
  return {
    ...report,
    checks: checks.map(({ failure, ...check }) => ({
      ...check,
      failure: failure && (HostError.is(failure) ? failure.toJSON() : { message: failure.message }),
    })),
    log,
  };
}
