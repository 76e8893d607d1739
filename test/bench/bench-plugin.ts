import { join } from "node:path";
import { buildRust } from "../../host/build/rust.ts";
import { locateRust } from "../../host/build/rust-toolchain.ts";

/** A plugin in Rust that only benchmarks use, built; nothing, and a line that says why, where that is impossible. */
export async function benchPlugin(name: string): Promise<string | undefined> {
  if (!(await locateRust("wasm32-unknown-unknown"))) {
    console.log(`skipped: ${name}. Rust is missing here: run "npm run setup:rust"`);
    return undefined;
  }
  // Not in the folder for temporary files, which others write to: what lies there has to be signed.
  const outFile = join(import.meta.dirname, "../fixtures/build", `bench-${name}.wasm`);
  return (await buildRust(join(import.meta.dirname, name), { outFile })).file;
}
