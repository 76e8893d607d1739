import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** The version of this package. */
export function packageVersion(): string {
  const manifest = findPackageJSON(import.meta.url);
  return (JSON.parse(readFileSync(manifest ?? "package.json", "utf8")) as { version: string }).version;
}
