import { join, resolve } from "node:path";

/** How a plugin is to be built. */
export interface BuildOptions {
  /** Where the component is written. By default `<name>.wasm` in `outFolder`. */
  outFile?: string;
  /** By default `build` inside the plugin's folder. */
  outFolder?: string;
  /** Optimised, and without names and checks that only serve debugging. True by default. */
  release?: boolean;
  /** Builds even if nothing has changed since the last time. False by default. */
  force?: boolean;
  /** Whether a component is made of the core module, as by default, or the host that loads it has to. */
  componentize?: boolean;
  /** Is told what is being done, as it is: "Compiling serde v1.0.229". A compiler of seconds tells nothing. */
  onStep?: (step: string) => void;
  /** Ends Cargo, which may take minutes. */
  signal?: AbortSignal;
}

/** What came of building a plugin. */
export interface BuildResult {
  /** The plugin's name, as its `package.json` or `Cargo.toml` gives it, without a scope. */
  name: string;
  language: "assemblyscript" | "rust";
  /** The absolute path of the component. */
  file: string;
  sizeBytes: number;
  /** The size of the core module: of the one inside, before it was made a component. */
  coreSizeBytes: number;
  durationMs: number;
  /** The absolute paths of the files that it was made from. */
  inputs: readonly string[];
  /** Whether nothing had changed, so that the component of an earlier build stands. */
  cached: boolean;
}

/** The absolute path of the component of the plugin `name` in `folder`. */
export function outFileOf(folder: string, name: string, { outFile, outFolder }: BuildOptions): string {
  return resolve(outFile ?? join(outFolder ?? join(folder, "build"), `${name}.wasm`));
}
