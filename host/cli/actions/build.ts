import { relative } from "node:path";
import { HostError } from "../../core/error.ts";
import { buildPlugin } from "../../build/build-plugin.ts";
import type { BuildResult } from "../../build/build-result.ts";
import { exitOf } from "../exit-codes.ts";
import type { Output } from "../output.ts";
import { formatBytes, formatDuration } from "../quantities.ts";
import type { Session } from "../session.ts";

export interface BuildCommandOptions {
  readonly outFile?: string;
  readonly force?: true;
  readonly plain?: true;
}

/** Makes components of plugins' sources. */
export async function build(
  session: Session,
  dirs: readonly string[],
  { plain, ...options }: BuildCommandOptions,
): Promise<void> {
  const { output } = session;
  if (options.outFile !== undefined && dirs.length > 1) {
    const reason = "--out-file names one file, and several plugins are to be built.";
    throw new HostError("USAGE_INVALID", { reason, command: "tusk build" });
  }
  const results: BuildResult[] = [];
  for (const dir of dirs) {
    try {
      const result = await output.progress(`Building ${dir}`, (onStep) =>
        buildPlugin(dir, { ...options, componentize: plain === undefined, onStep }),
      );
      results.push(result);
      if (!output.json) print(output, result);
    } catch (error) {
      if (!HostError.is(error)) throw error;
      // One that does not build does not keep the others from it.
      output.error(error);
      session.exit = exitOf(error);
    }
  }
  if (output.json) output.document(results);
}

function print(
  output: Output,
  { name, file, sizeBytes, coreSizeBytes, durationMs, cached }: BuildResult,
): void {
  const inside = sizeBytes === coreSizeBytes ? "core module" : `core module ${formatBytes(coreSizeBytes)}`;
  const size = `${formatBytes(sizeBytes)} (${inside})`;
  const what = cached ? "unchanged" : `built in ${formatDuration(durationMs)}`;
  output.line(`${output.style("bold", name)}  ${relative(".", file)}  ${size}  ${output.style("dim", what)}`);
}
