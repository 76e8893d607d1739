import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { type Environment, runCommand } from "./run-command.ts";

/**
 * What Rust can build plugins for: `wasm32-unknown-unknown` has no WASI and is made a component afterwards,
 * `wasm32-wasip2` is a component as the linker leaves it.
 */
export type RustTarget = "wasm32-unknown-unknown" | "wasm32-wasip2";

/** How to run a Rust that can build for a target. */
export interface RustToolchain {
  /** The command that runs Cargo. */
  readonly cargo: string;
  /** The compiler, where it is another one than Cargo would take by itself. */
  readonly rustc?: string;
  /** The variables that Cargo is to see. */
  readonly env: Environment;
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
  if (await hasTarget(environment["RUSTC"] ?? "rustc", target, environment)) {
    return { cargo, env: environment };
  }
  const rustc = join(cacheFolder(environment), "rustc");
  if (await hasTarget(rustc, target, environment)) {
    return { cargo, rustc, env: { ...environment, RUSTC: rustc } };
  }
  return undefined;
}

function cacheFolder(environment: Environment): string {
  const caches = environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(caches, "tusk-host", "rust-wasm");
}

/** rustc names the folder of a target that it knows, whether there is anything in it or not. */
async function hasTarget(rustc: string, target: RustTarget, environment: Environment): Promise<boolean> {
  const printed = await runCommand(rustc, ["--print", "target-libdir", "--target", target], environment);
  if (printed?.code !== 0) return false;
  const libraries = await readdir(printed.stdout.trim()).catch(() => []);
  return libraries.some((name) => /^libstd-.*\.rlib$/.test(name));
}
