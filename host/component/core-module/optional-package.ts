import { existsSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { HostError } from "../../core/error.ts";

/** A package that is there for some plugins only. */
interface OptionalPackage {
  readonly name: string;
  /** What it is needed for: "a core module". */
  readonly for: string;
  /** The command that installs it. */
  readonly install: string;
}

export const LOADER: OptionalPackage = {
  name: "@assemblyscript/loader",
  for: "a plain core module",
  install: "npm install @assemblyscript/loader",
};

export const WASI_JS: OptionalPackage = {
  name: "wasi-js",
  for: "a plain core module that imports wasi_snapshot_preview1",
  // Its own script insists on another package manager.
  install: "npm install --ignore-scripts wasi-js",
};

export const JCO: OptionalPackage = {
  name: "@bytecodealliance/jco",
  for: "a core module that imports wasi_snapshot_preview1, which has an adapter",
  install: "npm install @bytecodealliance/jco",
};

/**
 * The absolute path of a file in a package that may not be installed.
 *
 * @param from The URL of the module from which it is looked for.
 * @throws HostError PACKAGE_MISSING
 */
export function resolveOptional(
  { name, for: needed, install }: OptionalPackage,
  path: string,
  plugin: string,
  from: string = import.meta.url,
): string {
  const file = join(packageFolder(name, from) ?? "", path);
  if (existsSync(file)) return file;
  throw new HostError("PACKAGE_MISSING", { plugin, package: name, for: needed, install });
}

function packageFolder(name: string, from: string): string | undefined {
  try {
    const manifest = findPackageJSON(name, from);
    return manifest === undefined ? undefined : dirname(manifest);
  } catch {
    return undefined;
  }
}
