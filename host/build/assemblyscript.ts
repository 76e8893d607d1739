import { stat } from "node:fs/promises";
import { componentize, unknownImports } from "../component/componentize.ts";
import { loadContract, type Contract } from "../component/contract.ts";
import { exportName } from "../component/core-module/export-name.ts";
import { HostError } from "../core/error.ts";
import { writeAtomically } from "../core/write-atomically.ts";
import { decodeModule } from "../wasm/module-outline.ts";
import { renameExports } from "../wasm/rename-exports.ts";
import { resolveAsProject, type AsProject } from "./as-project.ts";
import type { AscAnswer } from "./asc-worker.ts";
import { readFreshRecord, sha256, writeRecord } from "./build-record.ts";
import { type BuildOptions, type BuildResult, outFileOf } from "./build-result.ts";
import { compileAs, type AscFlags } from "./compile-as.ts";
import { findImportUses } from "./import-uses.ts";

const CORE = "core.wasm";
const TEXT = "core.wast";

/**
 * Builds the AssemblyScript plugin in `dir`, whose source begins at `assembly/index.ts`, into a component; or into
 * the core module as the compiler leaves it, whose types a host takes to be the contract's.
 *
 * Compiles in a worker. Options of the compiler in an `asconfig.json` count, save those that decide what comes out.
 * Nothing is built if no file that was read has changed, nor the compiler, the contract or the options.
 *
 * @throws HostError BUILD_TOOL_MISSING when there is no compiler
 * @throws HostError BUILD_FAILED when the sources do not compile
 * @throws HostError BUILD_IMPORT_UNKNOWN when they use what no host provides
 * @throws HostError as `componentize`
 */
export async function buildAssemblyScript(dir: string, options: BuildOptions = {}): Promise<BuildResult> {
  const start = performance.now();
  const { release = true, force = false, componentize: asComponent = true } = options;
  const project = await resolveAsProject(dir);
  const contract = await loadContract();
  const file = outFileOf(project.folder, project.name, options);
  const key = sha256(
    JSON.stringify([release, asComponent, project.compiler, project.compilerVersion, contract.source]),
  );

  let record = force ? undefined : await readFreshRecord(project.folder, key, file);
  const cached = record !== undefined;
  if (!record) {
    const { core, inputs } = await compile(project, release);
    const output = asComponent ? await componentizeCore(core, project, contract) : core;
    await writeAtomically(file, output);
    record = {
      key,
      inputs: Object.fromEntries(inputs),
      output: sha256(output),
      coreSizeBytes: core.length,
    };
    // Where it cannot be kept, each build is a whole one.
    await writeRecord(project.folder, file, record).catch(() => undefined);
  }
  return {
    name: project.name,
    language: "assemblyscript",
    file,
    sizeBytes: (await stat(file)).size,
    coreSizeBytes: record.coreSizeBytes,
    durationMs: performance.now() - start,
    inputs: Object.keys(record.inputs).filter((input) => record.inputs[input] !== null),
    cached,
  };
}

interface Compiled {
  readonly core: Uint8Array;
  readonly inputs: AscAnswer["inputs"];
}

async function compile(project: AsProject, release: boolean): Promise<Compiled> {
  const { outputs, inputs } = await compileAs(
    project,
    release
      ? // As fast as without shrinking, a seventh smaller, and built in two thirds of the time.
        { target: "release", outFile: CORE, optimizeLevel: "3", shrinkLevel: "1" }
      : { target: "debug", outFile: CORE, debug: true },
  );
  const core = outputs.get(CORE) as Uint8Array;
  const unknown = await unknownImports(decodeModule(core, project.name));
  if (unknown.length > 0) throw await explainImports(project, unknown);
  return { core, inputs };
}

function componentizeCore(core: Uint8Array, { name }: AsProject, { version }: Contract): Promise<Uint8Array> {
  return componentize(
    renameExports(core, name, (plain) => exportName(plain, version)),
    name,
  );
}

/** Compiles again, into text with positions, to find out which lines want what there is not. */
async function explainImports(project: AsProject, unknown: readonly string[]): Promise<HostError> {
  const flags: AscFlags = { target: "debug", debug: true, sourceMap: true, outFile: CORE, textFile: TEXT };
  const { outputs } = await compileAs(project, flags);
  const uses = findImportUses(String(outputs.get(TEXT)), unknown);
  return new HostError("BUILD_IMPORT_UNKNOWN", { plugin: project.name, uses });
}
