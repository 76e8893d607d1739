import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/**
 * Stands for everything on this side that decides what is made of a component: what it is transpiled with,
 * and the code that rewrites it. A cache of another version is stale.
 */
export const HOST_VERSION: string = hashOf([
  new URL("../package.json", import.meta.resolve("@bytecodealliance/jco-transpile")),
  ...filesOf(new URL("../wasm/", import.meta.url)),
  ...filesOf(new URL("./", import.meta.url)),
]);

function filesOf(folder: URL): URL[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => new URL(entry.name, folder));
}

function hashOf(files: readonly URL[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}
