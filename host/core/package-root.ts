import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The absolute path of this package's folder: the one that `wit/` and the SDKs stand in, both in the repository
 * and where the package is installed.
 */
export const packageRoot: string = nearestWith(join("wit", "types.wit"), import.meta.dirname);

/** This package's version: "0.1.0". */
export const packageVersion: string = (
  JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }
).version;

function nearestWith(path: string, folder: string): string {
  if (existsSync(join(folder, path))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`This package is not complete: ${path} is missing.`);
  return nearestWith(path, parent);
}
