/** How a plugin is to be built. */
export interface BuildOptions {
  /** Where the component is written. By default `build/<name>.wasm` inside the plugin's folder. */
  outFile?: string;
  /** Optimised, and without names and checks that only serve debugging. True by default. */
  release?: boolean;
  /** Builds even if nothing has changed since the last time. False by default. */
  force?: boolean;
}

/** What came of building a plugin. */
export interface BuildResult {
  /** The plugin's name, as its `package.json` or `Cargo.toml` gives it, without a scope. */
  name: string;
  language: "assemblyscript" | "rust";
  /** The absolute path of the component. */
  file: string;
  sizeBytes: number;
  /** The size of the core module inside, before it was made a component. */
  coreSizeBytes: number;
  durationMs: number;
  /** Whether nothing had changed, so that the component of an earlier build stands. */
  cached: boolean;
}
