// Builds the plugins that are committed in `prebuilt/`, for machines that have Node but no Rust:
//
//     node examples/rust/prebuild.ts
//
// A test fails when their sources have changed and this was not run.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildRust } from "../../host/build/rust.ts";
import { runCommand } from "../../host/build/run-command.ts";
import { locateRust } from "../../host/build/rust-toolchain.ts";
import { writeAtomically } from "../../host/core/write-atomically.ts";

const FOLDER = import.meta.dirname;

/** Everything that a plugin is made of, from this folder on. */
const SOURCES = ["../../wit", "Cargo.lock", "Cargo.toml", "sdk/Cargo.toml", "sdk/src", "sdk/wit"];

/** What is written beside a plugin that was built beforehand. */
export interface Prebuilt {
  /** SHA-256 of its sources: see `hashSources`. */
  readonly sources: string;
  /** SHA-256 of the component. */
  readonly component: string;
  /** The compiler that made it. */
  readonly rustc: string;
}

/** SHA-256 of everything that the plugin `name` is made of, in hexadecimal. */
export async function hashSources(name: string): Promise<string> {
  const hash = createHash("sha256");
  for (const source of [...SOURCES, `${name}/Cargo.toml`, `${name}/src`]) {
    for (const file of await filesIn(source))
      hash.update(`${file}\0`).update(await hashFile(join(FOLDER, file)));
  }
  return hash.digest("hex");
}

/** SHA-256 of a file, in hexadecimal. */
export async function hashFile(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}

/** The files at or below a path, sorted. */
async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(join(FOLDER, path), { recursive: true, withFileTypes: true }).catch(
    () => undefined,
  );
  if (!entries) return [path];
  const files = entries.filter((entry) => entry.isFile());
  const below = files.map((entry) => join(entry.parentPath, entry.name).slice(join(FOLDER, path).length));
  return below.map((file) => `${path}${file.replaceAll("\\", "/")}`).toSorted();
}

async function prebuild(name: string): Promise<void> {
  const outFile = join(FOLDER, "prebuilt", `${name}.wasm`);
  const { file, sizeBytes } = await buildRust(join(FOLDER, name), { outFile });
  const rust = await locateRust("wasm32-unknown-unknown");
  const version = await runCommand(rust?.rustc ?? "rustc", ["--version"], rust?.env ?? {});
  const made: Prebuilt = {
    sources: await hashSources(name),
    component: await hashFile(file),
    rustc: version?.stdout.trim() ?? "",
  };
  await writeAtomically(join(FOLDER, "prebuilt", `${name}.json`), `${JSON.stringify(made, null, 2)}\n`);
  console.log(`${name}.wasm: ${sizeBytes} bytes, by ${made.rustc}`);
}

/** The plugins that are committed. */
export const PREBUILT = ["postgres", "auth"] as const;

if (import.meta.main) for (const name of PREBUILT) await prebuild(name);
