import { HostError, messageOf } from "../core/error.ts";
import type { AsProject } from "./as-project.ts";
import type { AscAnswer } from "./asc-worker.ts";
import { runAsc } from "./run-asc.ts";

const ENTRY = "assembly/index.ts";

// What the standard library takes from outside, and the SDK has an answer to.
const ALIASES = ["abort", "trace", "seed"].map(
  (name) => `${name}=~lib/tusk-plugin-as/environment/${name}/${name}`,
);

/** Options of the compiler by their names. */
export type AscFlags = Readonly<Record<string, string | true>>;

/**
 * Compiles a project's sources into whatever `flags` name as output.
 *
 * @throws HostError BUILD_FAILED with everything that is wrong with the sources, or with why the compiler failed
 */
export async function compileAs(project: AsProject, flags: AscFlags): Promise<AscAnswer> {
  const decided: AscFlags = {
    baseDir: project.folder,
    runtime: "incremental",
    // The host's functions cannot be called before the memory is theirs to write to.
    exportStart: "_initialize",
    use: ALIASES.join(","),
  };
  const args = [ENTRY, ...argumentsOf({ ...decided, ...flags })];
  const { compiler, sdk, transform } = project;
  const request = { compiler, sdk, transform, args };
  const answer = await runAsc(request).catch((cause: unknown) => {
    throw failed(project, messageOf(cause), cause);
  });
  if (answer.diagnostics.length > 0) {
    throw new HostError("BUILD_FAILED", {
      plugin: project.name,
      diagnostics: answer.diagnostics,
      output: "",
    });
  }
  if (answer.failure !== undefined) throw failed(project, answer.failure);
  return answer;
}

function argumentsOf(flags: AscFlags): string[] {
  return Object.entries(flags).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  );
}

function failed({ name }: AsProject, message: string, cause?: unknown): HostError {
  const diagnostics = [{ file: "", line: 0, column: 0, message }];
  return new HostError("BUILD_FAILED", { plugin: name, diagnostics, output: "" }, { cause });
}
