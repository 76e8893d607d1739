import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { resolveAsProject } from "../build/as-project.ts";
import { runCommand } from "../build/run-command.ts";
import { locateRust, type RustTarget } from "../build/rust-toolchain.ts";
import { ArtifactCache } from "../component/artifact-cache.ts";
import type { Settings } from "../config/settings.ts";
import { HostError, messageOf } from "../core/error.ts";
import { verifyRuntime } from "../core/runtime.ts";
import { parseDatabaseUrl } from "../services/database/database-url.ts";

/** What was found out about something that is needed here, or might be. */
export interface Finding {
  readonly what: string;
  /** "absent" is what nothing here needs. */
  readonly state: "ok" | "absent" | "wrong";
  readonly found: string;
  /** What to run or to do, where it is not there or not right. */
  readonly mend?: string;
}

const INSTALL_RUST = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";

export function examineNode(): Finding {
  const found = `${process.version} at ${process.execPath}`;
  try {
    verifyRuntime();
    return { what: "Node with JSPI", state: "ok", found };
  } catch (error) {
    const mend = "Install Node 24.21 or newer: https://nodejs.org/en/download";
    return { what: "Node with JSPI", state: "wrong", found: messageOf(error), mend };
  }
}

/** Whatever builds plugins is needed where there is one in `folder`. */
export async function examineAssemblyScript(folder: string): Promise<Finding> {
  const what = "AssemblyScript";
  try {
    const { compilerVersion } = await resolveAsProject(folder);
    return { what, state: "ok", found: compilerVersion };
  } catch (error) {
    if (!HostError.is(error, "BUILD_TOOL_MISSING")) throw error;
    const state = existsSync(resolve(folder, "assembly")) ? "wrong" : "absent";
    return { what, state, found: "not installed", mend: error.details.install };
  }
}

export async function examineRust(folder: string): Promise<Finding[]> {
  const needed = existsSync(resolve(folder, "Cargo.toml"));
  const missing = needed ? "wrong" : "absent";
  const cargo = await runCommand(process.env["CARGO"] ?? "cargo", ["--version"], process.env);
  if (cargo?.code !== 0) {
    return [{ what: "Cargo", state: missing, found: "not installed", mend: INSTALL_RUST }];
  }
  const target = async (name: RustTarget, state: Finding["state"]): Promise<Finding> => {
    const what = `Rust for ${name}`;
    const rust = await locateRust(name);
    if (rust) return { what, state: "ok", found: rust.rustc ?? "installed" };
    return { what, state, found: "not installed", mend: `rustup target add ${name}` };
  };
  return [
    { what: "Cargo", state: "ok", found: cargo.stdout.trim() },
    await target("wasm32-unknown-unknown", missing),
    // Plugins are built for it only by who asks for that.
    await target("wasm32-wasip2", "absent"),
  ];
}

/** Each enabled plugin has a file that can be read. */
export async function examinePlugins({ plugins, folder }: Settings): Promise<Finding[]> {
  const enabled = Object.values(plugins).filter((plugin) => plugin.enabled);
  const files = await Promise.all(
    enabled.map(async ({ name, path }): Promise<Finding> => {
      const what = `Plugin ${name}`;
      const problem = await problemOf(path, constants.R_OK);
      if (problem === undefined) return { what, state: "ok", found: path };
      const mend = problem === "missing" ? "tusk build, in the folder of its sources" : `chmod u+r '${path}'`;
      return { what, state: "wrong", found: `${path} is ${problem}`, mend };
    }),
  );
  return [...files, ...(await examineFolder(folder, files.length === 0))];
}

/** The folder in which every file is a plugin; it need not be there where settings name plugins. */
async function examineFolder(folder: string, needed: boolean): Promise<Finding[]> {
  const what = "Folder";
  const problem = await problemOf(folder, constants.R_OK | constants.X_OK);
  if (problem === undefined) return [{ what, state: "ok", found: folder }];
  const found = `${folder} is ${problem}`;
  if (problem !== "missing") return [{ what, state: "wrong", found, mend: `chmod u+rx '${folder}'` }];
  return needed ? [{ what, state: "absent", found, mend: `mkdir -p '${folder}'` }] : [];
}

export async function examineCache(folder: string): Promise<Finding> {
  const what = "Cache";
  try {
    await ArtifactCache.open(folder);
    return { what, state: "ok", found: folder };
  } catch (error) {
    const mend = HostError.is(error, "CACHE_UNSAFE")
      ? `chmod 700 '${folder}', or another one with --cache-dir`
      : "choose another one with --cache-dir";
    return { what, state: "wrong", found: messageOf(error), mend };
  }
}

/** Backups of PostgreSQL are made by its own program. */
export async function examineDatabases({ databases, baseFolder }: Settings): Promise<Finding[]> {
  const kinds = Object.values(databases).map(({ url }) => parseDatabaseUrl(url, baseFolder ?? "").kind);
  if (!kinds.includes("postgres")) return [];
  const dump = await runCommand("pg_dump", ["--version"], process.env);
  const what = "pg_dump";
  if (dump?.code === 0) return [{ what, state: "ok", found: dump.stdout.trim() }];
  const mend = process.platform === "darwin" ? "brew install libpq" : "apt-get install postgresql-client";
  return [{ what, state: "wrong", found: "not installed, so PostgreSQL cannot be backed up", mend }];
}

async function problemOf(path: string, mode: number): Promise<"missing" | "not readable" | undefined> {
  try {
    await access(path, mode);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : "not readable";
  }
}
