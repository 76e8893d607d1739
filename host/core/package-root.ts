import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The absolute path of this package's folder: the one that `wit/` and the SDKs stand in, both in the repository
 * and where the package is installed.
 */
export const packageRoot: string = nearestWith(join("wit", "types.wit"), import.meta.dirname);

function nearestWith(path: string, folder: string): string {
  if (existsSync(join(folder, path))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`This package is not complete: ${path} is missing.`);
  return nearestWith(path, parent);
}
