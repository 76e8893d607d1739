import { HostError } from "../../core/error.ts";
import { writeAtomically } from "../../core/write-atomically.ts";
import { testPlugin, testWithSettings } from "../../testing/test-plugin.ts";
import { junitReport, type TestReport } from "../../testing/test-report.ts";
import { emptyDatabases, findAuthorPlugin } from "../author-plugin.ts";
import type { Output } from "../output.ts";
import { summarizeChecks } from "../check-summary.ts";
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
    const report = await output.progress(`Testing ${plugin}`, (onStep) => testOne(plugin, options, onStep));
    reports.push(report);
    if (!output.json) print(output, report);
  }
  if (options.junit !== undefined) await writeAtomically(options.junit, junitReport(reports));
  if (output.json) output.document(reports.map(asDocument));
  if (!reports.every(({ passed }) => passed)) session.exit = "failed";
}

async function testOne(
  plugin: string,
  { config }: TestCommandOptions,
  onStep: (step: string) => void,
): Promise<TestReport> {
  const { name, file, settings } = await findAuthorPlugin(plugin, config, onStep);
  const own = settings?.plugins[name];
  if (!own) return testPlugin(file);
  const tested = { ...settings, databases: await emptyDatabases(settings) };
  return testWithSettings(name, { ...tested, plugins: { [name]: { ...own, path: file } } }, name);
}

function print(output: Output, { plugin, checks, passed }: TestReport): void {
  output.line(
    `${output.style("bold", plugin)}  ${output.style(passed ? "green" : "red", summarizeChecks(checks))}`,
  );
  for (const { name, failure, durationMs } of checks) {
    const mark = failure ? output.style("red", "✖") : output.style("green", "✔");
    output.line(`  ${mark} ${name}  ${output.style("dim", formatDuration(durationMs))}`);
    if (failure) output.line(`      ${failure.message}`);
  }
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
