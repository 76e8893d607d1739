import type { BuildOptions, BuildResult } from "./build-result.ts";

// Rust comes from another branch; this stands in for it.
export function buildRust(dir: string, _options?: BuildOptions): Promise<BuildResult> {
  throw new Error(`Not yet: ${dir}`);
}
