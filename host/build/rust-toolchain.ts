import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { type Environment, runCommand } from "./run-command.ts";

/**
 * What Rust can build plugins for: `wasm32-unknown-unknown` has no WASI and is made a component afterwards,
 * `wasm32-wasip2` is a component as the linker leaves it, `wasm32-wasip1` has WASI as it was before.
 */
export type RustTarget = "wasm32-unknown-unknown" | "wasm32-wasip1" | "wasm32-wasip2";

/** How to run a Rust that can build for a target. */
export interface RustToolchain {
  /** The command that runs Cargo. */
  readonly cargo: string;
  /** The compiler, where it is another one than Cargo would take by itself. */
  readonly rustc?: string;
  /** The variables that Cargo is to see. */
  readonly env: Environment;
  /** The folder of the standard library's sources, whether they are installed or not. */
  readonly librarySources: string;
}

/**
 * Finds a Rust that has the standard library of `target`: the one that is installed, else the one that
 * `examples/rust/setup.sh` has built in the user's cache folder. Undefined if there is none.
 *
 * @param environment Where PATH, RUSTC, CARGO and XDG_CACHE_HOME are looked up; by default the process's own.
 */
export async function locateRust(
  target: RustTarget,
  environment: Environment = env,
): Promise<RustToolchain | undefined> {
  const cargo = environment["CARGO"] ?? "cargo";
  if (!(await runCommand(cargo, ["--version"], environment))) return undefined;
  const installed = await librariesOf(environment["RUSTC"] ?? "rustc", target, environment);
  if (installed !== undefined) {
    return { cargo, env: environment, librarySources: sourcesOf(installed) };
  }
  const rustc = join(cacheFolder(environment), "rustc");
  const built = await librariesOf(rustc, target, environment);
  if (built !== undefined) {
    return { cargo, rustc, env: { ...environment, RUSTC: rustc }, librarySources: sourcesOf(built) };
  }
  return undefined;
}

function cacheFolder(environment: Environment): string {
  const caches = environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(caches, "tusk-host", "rust-wasm");
}

/**
 * The folder of a target's libraries, if its standard library is in it: rustc names that folder for every
 * target that it has heard of.
 */
async function librariesOf(
  rustc: string,
  target: RustTarget,
  environment: Environment,
): Promise<string | undefined> {
  const printed = await runCommand(rustc, ["--print", "target-libdir", "--target", target], environment);
  if (printed?.code !== 0) return undefined;
  const folder = printed.stdout.trim();
  const libraries = await readdir(folder).catch(() => []);
  return libraries.some((name) => /^libstd-.*\.rlib$/.test(name)) ? folder : undefined;
}

/** Libraries are in `rustlib/<target>/lib`, sources in `rustlib/src/rust`. */
function sourcesOf(libraries: string): string {
  return join(libraries, "..", "..", "src", "rust");
}
