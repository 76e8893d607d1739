import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { componentize } from "../component/componentize.ts";
import { HostError } from "../core/error.ts";
import { packageRoot } from "../core/package-root.ts";
import { writeAtomically } from "../core/write-atomically.ts";
import { decodeComponent } from "../wasm/component-outline.ts";
import { type BuildOptions, type BuildResult, outFileOf } from "./build-result.ts";
import { buildPackage, type CargoPackage, cleanPackage, readPackage } from "./cargo.ts";
import type { Environment } from "./run-command.ts";
import { locateRust, type RustTarget } from "./rust-toolchain.ts";

/** How a plugin in Rust is to be built. */
interface RustBuildOptions extends BuildOptions {
  /** `wasm32-unknown-unknown` by default: smaller, and it loads faster. */
  target?: RustTarget;
  /** Where Rust is looked for, and what it sees; by default the process's own variables. */
  environment?: Environment;
}

/** No host reads it, and it is nine tenths of what is built without optimisation. */
const NO_DEBUG_INFO = ["--config", "profile.dev.debug=0", "--config", 'profile.dev.strip="debuginfo"'];

/**
 * Builds the plugin in Rust whose `Cargo.toml` is in `folder`.
 *
 * @throws HostError BUILD_TOOLCHAIN_MISSING when there is no Rust that can build it
 * @throws HostError BUILD_FAILED with what Cargo or the compiler said
 * @throws HostError as `componentize` does, when what was built is no plugin
 */
export async function buildRust(folder: string, options: RustBuildOptions = {}): Promise<BuildResult> {
  const start = performance.now();
  const { target = "wasm32-unknown-unknown", release = true, force = false } = options;
  const isReady = target === "wasm32-wasip2" || options.componentize === false;
  const rust = await locateRust(target, options.environment);
  if (!rust)
    throw new HostError("BUILD_TOOLCHAIN_MISSING", { needs: `Rust for ${target}`, run: howToGet(target) });

  const plugin = await readPackage(rust, await manifestIn(folder), options);
  const profile = ["--target", target, ...(release ? ["--release"] : NO_DEBUG_INFO)];
  if (force) await cleanPackage(rust, plugin, profile);
  const args = [...profile, "--config", rustflags(target, plugin)];
  const artifact = await buildPackage(rust, plugin, args, options);

  const binary = await readFile(artifact.file);
  const component = isReady ? binary : await componentize(binary, artifact.file);
  const file = outFileOf(folder, plugin.name, options);
  const cached = !force && (await holds(file, component));
  if (!cached) await writeAtomically(file, component);
  return {
    name: plugin.name,
    language: "rust",
    file,
    sizeBytes: component.length,
    coreSizeBytes: target === "wasm32-wasip2" ? coreSizeOf(component, plugin.name) : binary.length,
    durationMs: performance.now() - start,
    inputs: [plugin.manifest, ...artifact.inputs],
    cached: cached && artifact.fresh,
  };
}

/** What to run where there is no Rust that can build for `target`. */
function howToGet(target: RustTarget): string {
  const setup = join(packageRoot, "examples/rust/setup.sh");
  return `"rustup target add ${target}", or "bash ${setup}" where rustup cannot download it. Rust itself is at https://rustup.rs`;
}

/** Cargo names manifests by their real paths, so links are followed. */
async function manifestIn(folder: string): Promise<string> {
  const manifest = join(folder, "Cargo.toml");
  try {
    return await realpath(manifest);
  } catch (cause) {
    const output = "There is no Cargo.toml in this folder.";
    throw new HostError("BUILD_FAILED", { plugin: folder, diagnostics: [], output }, { cause });
  }
}

/** Flags as Cargo's configuration has them, so that they join those that the plugin's author has set there. */
function rustflags(target: RustTarget, { sourceFolders }: CargoPackage): string {
  const flags = [...sourceFolders].map(([folder, stand]) => `--remap-path-prefix=${folder}=${stand}`);
  return `target.${target}.rustflags=${JSON.stringify(flags)}`;
}

/** Whether a file has these contents already: whoever watches it is then left alone. */
async function holds(file: string, contents: Uint8Array): Promise<boolean> {
  const present = await readFile(file).catch(() => undefined);
  return present?.equals(contents) ?? false;
}

/** A component for WASI has some adapters inside; the plugin is the largest module. */
function coreSizeOf(component: Uint8Array, name: string): number {
  const { coreModules } = decodeComponent(component, name);
  return Math.max(0, ...coreModules.map(({ sizeBytes }) => sizeBytes));
}
