// What `npm start` runs: builds the example plugins, then does what `tusk run examples/tusk.json` does.
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { locateRust } from "../host/build/rust-toolchain.ts";
import { runProgram } from "../host/cli/program.ts";

const here = import.meta.dirname;

async function tusk(...args: string[]): Promise<boolean> {
  process.exitCode = await runProgram(args);
  return process.exitCode === 0;
}

/** Rust is much to ask of somebody who only wants to look: what was built before does as well. */
async function buildPostgres(): Promise<void> {
  const folder = relative(".", join(here, "rust/postgres"));
  const hasRust = (await locateRust("wasm32-unknown-unknown")) !== undefined;
  if (hasRust && (await tusk("build", folder))) return;
  const file = join(folder, "build/postgres.wasm");
  await mkdir(dirname(file), { recursive: true });
  await copyFile(join(here, "rust/prebuilt/postgres.wasm"), file);
  console.error(
    hasRust
      ? "postgres  taken as it was built before, since it could not be built now"
      : "postgres  taken as it was built before. To build it here, get Rust and its target: examples/rust/setup.sh",
  );
}

if (await tusk("build", relative(".", join(here, "../plugins-as/api")))) {
  await buildPostgres();
  await tusk("run", relative(".", join(here, "tusk.json")), ...process.argv.slice(2));
}
