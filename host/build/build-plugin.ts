import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { HostError } from "../core/error.ts";
import { buildAssemblyScript } from "./assemblyscript.ts";
import type { BuildOptions, BuildResult } from "./build-result.ts";
import { buildRust } from "./rust.ts";

/**
 * Builds the plugin in a folder, in the language that the folder's files are in.
 *
 * @throws HostError BUILD_UNKNOWN_LANGUAGE when it cannot tell; else what `buildAssemblyScript` or `buildRust` throw
 */
export function buildPlugin(dir: string, options: BuildOptions = {}): Promise<BuildResult> {
  const has = (...path: string[]) => existsSync(join(dir, ...path));
  if (has("assembly") && (has("package.json") || has("asconfig.json")))
    return buildAssemblyScript(dir, options);
  if (has("Cargo.toml")) return buildRust(dir, options);
  return Promise.reject(new HostError("BUILD_UNKNOWN_LANGUAGE", { folder: resolve(dir) }));
}
