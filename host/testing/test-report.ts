import type { HostError } from "../core/error.ts";
import type { LogEntry } from "../services/logger/log-entry.ts";

/** One thing that was looked at. */
export interface Check {
  /** A fact about the plugin: "answers SELECT 1 AS test". */
  readonly name: string;
  /** Milliseconds that looking took. */
  readonly durationMs: number;
  /** Why it is not so; missing if it is. */
  readonly failure?: HostError | Error | undefined;
}

/** What came of testing a plugin. */
export interface TestReport {
  /** What the plugin is called: by itself, or by its file where it did not get to say so. */
  readonly plugin: string;
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** What the plugin logged meanwhile. */
  readonly log: readonly LogEntry[];
}

/** A report as JUnit's XML, which build servers show: a suite for each plugin. */
export function junitReport(reports: readonly TestReport[]): string {
  const suites = reports.map(({ plugin, checks }) => {
    const failures = checks.filter(({ failure }) => failure !== undefined).length;
    const cases = checks.map((check) => testCase(plugin, check));
    return `  <testsuite name="${escape(plugin)}" tests="${checks.length}" failures="${failures}">\n${cases.join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("")}</testsuites>\n`;
}

function testCase(plugin: string, { name, durationMs, failure }: Check): string {
  const attributes = `classname="${escape(plugin)}" name="${escape(name)}" time="${(durationMs / 1000).toFixed(3)}"`;
  if (failure === undefined) return `    <testcase ${attributes}/>\n`;
  const type = "code" in failure ? failure.code : failure.name;
  return `    <testcase ${attributes}><failure type="${escape(type)}">${escape(failure.message)}</failure></testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML has no way to write most control characters. */
function escape(text: string): string {
  return text
    .replaceAll(/(?![\t\n])\p{Cc}/gu, "\uFFFD")
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
