import { HostError } from "../../core/error.ts";
import { packageVersion } from "../../core/package-root.ts";

import { inspectComponent } from "../../component/loader.ts";
import type { Severity } from "../../security/inspection/rules.ts";
import { type ScannedFile, toSarif } from "../../security/inspection/sarif.ts";
import { type Finding, scanBinary } from "../../security/inspection/scan-binary.ts";
import { kindOf } from "../../wasm/kind.ts";
import type { Output, Style } from "../output.ts";
import { plain } from "../plain.ts";
import { readBinary } from "../read-binary.ts";
import type { Session } from "../session.ts";

export interface ScanOptions {
  readonly sarif?: true;
  readonly failOn: Severity;
}

const RANK: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 };
const STYLES: Readonly<Record<Severity, Style>> = { note: "dim", warning: "yellow", error: "red" };

/** Tells what static inspection finds. */
export async function scan(session: Session, files: readonly string[], options: ScanOptions): Promise<void> {
  const { output } = session;
  const scanned = await Promise.all(files.map(scanFile));
  if (options.sarif) output.document(toSarif(scanned, packageVersion));
  else if (output.json) output.document(scanned);
  else for (const one of scanned) print(output, one);
  const findings = scanned.flatMap((one) => one.findings);
  if (findings.some(({ severity }) => RANK[severity] >= RANK[options.failOn])) session.exit = "failed";
}

async function scanFile(file: string): Promise<ScannedFile> {
  const bytes = await readBinary(file, "tusk scan");
  return { file, findings: scanBinary(bytes, file, foreignExports(bytes, file)) };
}

/** A component that is no plugin of this host has no exports to speak of. */
function foreignExports(bytes: Uint8Array, file: string): readonly string[] {
  if (kindOf(bytes, file) !== "component") return [];
  try {
    return inspectComponent(bytes, file).shape.otherExports;
  } catch (error) {
    if (HostError.is(error)) return [];
    throw error;
  }
}

function print(output: Output, { file, findings }: ScannedFile): void {
  output.line(output.style("bold", plain(file)));
  if (findings.length === 0) output.line("  nothing");
  for (const finding of findings) output.line(`  ${lineOf(output, finding)}`);
}

function lineOf(output: Output, { severity, rule, where, offset, message }: Finding): string {
  const at = offset === undefined ? "" : ` at byte ${offset}`;
  return `${output.style(STYLES[severity], severity.padEnd(7))} ${rule}: ${where}${at} ${message}`;
}
