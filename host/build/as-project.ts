import { readFile } from "node:fs/promises";
import { createRequire, findPackageJSON } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { HostError } from "../core/error.ts";
import { packageRoot } from "../core/package-root.ts";

/** A plugin's folder with AssemblyScript in it, and what is needed to build it. */
export interface AsProject {
  /** From its package.json, without a scope. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** The URL of the compiler's module. */
  readonly compiler: string;
  readonly compilerVersion: string;
  /** The absolute path of the folder whose modules are `tusk-plugin-as/…`. */
  readonly sdk: string;
  /** The absolute path of the module of the SDK's transform; an SDK before there was one has none. */
  readonly transform: string | undefined;
}

/**
 * Finds out about a plugin's folder. Compiler and SDK are those that the plugin has installed, or else those that
 * came with this package, whose folder is `ours`.
 *
 * @throws HostError BUILD_TOOL_MISSING when there is no compiler
 */
export async function resolveAsProject(dir: string, ours: string = packageRoot): Promise<AsProject> {
  const folder = resolve(dir);
  const { name = basename(folder) } = await readManifest(join(folder, "package.json")).catch(
    () => noManifest,
  );
  const compiler = findPackage("assemblyscript", folder) ?? findPackage("assemblyscript", ours);
  if (compiler === undefined) {
    throw new HostError("BUILD_TOOL_MISSING", {
      plugin: name,
      tool: "assemblyscript",
      install: "npm install --save-dev assemblyscript",
    });
  }
  const { version = "unknown" } = await readManifest(compiler);
  const sdk = resolveSdk(folder, ours);
  return {
    name: name.replace(/^@[^/]*\//, ""),
    folder,
    compiler: pathToFileURL(join(dirname(compiler), "dist", "asc.js")).href,
    compilerVersion: version,
    sdk: join(sdk, "assembly"),
    transform: findTransform(sdk),
  };
}

/** The folder of the AssemblyScript SDK: as `import` in `folder` would find it, or else beside this package. */
export function resolveSdk(folder: string, ours: string = packageRoot): string {
  const manifest = findPackage("tusk-plugin-as", folder) ?? findPackage("tusk-plugin-as", ours);
  return manifest === undefined ? join(ours, "plugins-as", "sdk") : dirname(manifest);
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
}

const noManifest: Manifest = {};

async function readManifest(file: string): Promise<Manifest> {
  const manifest: unknown = JSON.parse(await readFile(file, "utf8"));
  if (typeof manifest !== "object" || manifest === null) return noManifest;
  const { name, version } = manifest as Record<string, unknown>;
  return {
    ...(typeof name === "string" && { name }),
    ...(typeof version === "string" && { version }),
  };
}

function findTransform(sdk: string): string | undefined {
  try {
    return createRequire(join(sdk, "package.json")).resolve("tusk-plugin-as/transform");
  } catch {
    return undefined;
  }
}

/** The package.json of a package as `import` in `folder` would find it. */
function findPackage(name: string, folder: string): string | undefined {
  try {
    return findPackageJSON(name, pathToFileURL(join(folder, "package.json")));
  } catch {
    return undefined;
  }
}
