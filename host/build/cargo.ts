import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { HostError } from "../core/error.ts";
import type { BuildOptions } from "./build-result.ts";
import { type CommandOptions, runCommand } from "./run-command.ts";
import type { RustToolchain } from "./rust-toolchain.ts";

/** A plugin's package, as its `Cargo.toml` describes it. */
export interface CargoPackage {
  readonly name: string;
  /** The absolute path of its `Cargo.toml`. */
  readonly manifest: string;
  /** Folders that source paths begin with, and what stands for them in the binary. */
  readonly sourceFolders: ReadonlyMap<string, string>;
}

/** The binary that Cargo left. */
interface CargoArtifact {
  readonly file: string;
  /** The absolute paths of the sources that the compiler read. */
  readonly inputs: readonly string[];
  /** Whether Cargo found that nothing had changed since the last time. */
  readonly fresh: boolean;
}

interface Metadata {
  readonly workspace_root: string;
  readonly packages: readonly {
    readonly name: string;
    readonly manifest_path: string;
    /** Where it was downloaded from; null for a package of one's own. */
    readonly source: string | null;
    readonly targets: readonly { readonly kind: readonly string[] }[];
  }[];
}

type Message =
  | {
      readonly reason: "compiler-artifact";
      readonly manifest_path: string;
      readonly target: { readonly kind: readonly string[] };
      readonly filenames: readonly string[];
      readonly fresh: boolean;
    }
  | {
      readonly reason: "compiler-message";
      readonly message: { readonly level: string; readonly message: string; readonly rendered: string };
    }
  | { readonly reason: "build-script-executed" | "build-finished" };

/** Who follows Cargo while it runs. */
type CargoFollower = Pick<BuildOptions, "onStep" | "signal">;

/**
 * Reads the package whose `Cargo.toml` is `manifest`, and downloads what it depends on.
 *
 * @throws HostError BUILD_FAILED when it cannot be read, or is not a plugin's
 */
export async function readPackage(
  rust: RustToolchain,
  manifest: string,
  follower: CargoFollower = {},
): Promise<CargoPackage> {
  const args = ["metadata", "--format-version=1", "--manifest-path", manifest];
  const result = await runCommand(rust.cargo, args, rust.env, following(follower));
  if (result?.code !== 0) throw failure(basename(dirname(manifest)), unread(result?.stderr ?? ""));
  const metadata = JSON.parse(result.stdout) as Metadata;
  const itself = metadata.packages.find((one) => one.manifest_path === manifest);
  if (!itself?.targets.some(({ kind }) => kind.includes("cdylib"))) {
    throw failure(manifest, 'A plugin\'s Cargo.toml says:\n\n[lib]\ncrate-type = ["cdylib"]');
  }
  return { name: itself.name, manifest, sourceFolders: sourceFolders(metadata, rust) };
}

/**
 * Builds a package. `args` are for `cargo build`, beside those that say what to build and how to report.
 *
 * @throws HostError BUILD_FAILED with what the compiler said
 */
export async function buildPackage(
  rust: RustToolchain,
  { name, manifest }: CargoPackage,
  args: readonly string[],
  follower: CargoFollower = {},
): Promise<CargoArtifact> {
  const command = ["build", "--message-format=json", "--manifest-path", manifest, ...args];
  const result = await runCommand(rust.cargo, command, rust.env, following(follower));
  const messages = (result?.stdout ?? "").split("\n").filter((line) => line.startsWith("{"));
  const parsed = messages.map((line) => JSON.parse(line) as Message);
  if (result?.code !== 0) throw failure(name, compilerErrors(parsed) || (result?.stderr ?? ""));
  for (const message of parsed) {
    if (message.reason !== "compiler-artifact" || message.manifest_path !== manifest) continue;
    const file = message.filenames.find((path) => path.endsWith(".wasm"));
    if (file !== undefined) return { file, inputs: await inputsOf(file), fresh: message.fresh };
  }
  throw failure(name, result.stderr);
}

/** Cargo says what it does in lines that begin with a verb, "   Compiling serde v1.0.229". */
function following({ onStep, signal }: CargoFollower): CommandOptions {
  const onErrorLine = (line: string) => {
    const step = /^ +(?!Finished)[A-Z].*$/.exec(line)?.[0].trim();
    if (step !== undefined) onStep?.(step);
  };
  return { onErrorLine, signal };
}

/** Why Cargo read no package; and what to do where it is the SDK that is not there yet. */
function unread(said: string): string {
  const sdk = /failed to read `.*node_modules[/\\]tusk-host[/\\]/.test(said);
  return sdk ? `${said}\nThe SDK comes with tusk-host: run "npm install" in the plugin's folder.` : said;
}

/** Makes Cargo forget what it built of a package. */
export async function cleanPackage(
  rust: RustToolchain,
  { name, manifest }: CargoPackage,
  args: readonly string[],
): Promise<void> {
  await runCommand(rust.cargo, ["clean", "--manifest-path", manifest, "--package", name, ...args], rust.env);
}

/** The sources of a binary, from the rule for `make` that Cargo leaves beside it: "binary: source source …". */
async function inputsOf(binary: string): Promise<string[]> {
  const rule = await readFile(binary.replace(/\.wasm$/, ".d"), "utf8").catch(() => "");
  const sources = rule.split("\n", 1)[0]?.slice(binary.length + 1) ?? "";
  return (sources.match(/(?:\\ |\S)+/g) ?? []).map((path) => path.replaceAll("\\ ", " "));
}

/** Errors as rustc renders them, without its closing count of them. */
function compilerErrors(messages: readonly Message[]): string {
  const errors = messages.flatMap((one) => (one.reason === "compiler-message" ? [one.message] : []));
  return errors
    .filter(({ level, message }) => level.startsWith("error") && !message.startsWith("aborting due to"))
    .map(({ rendered }) => rendered.trim())
    .join("\n\n");
}

/**
 * Panics carry the paths of their sources: what stands before the part that says something is nobody's
 * business, and would make the binary depend on where it was built.
 */
function sourceFolders(metadata: Metadata, rust: RustToolchain): ReadonlyMap<string, string> {
  const folders = new Map([
    [metadata.workspace_root, ""],
    [rust.librarySources, "/rustc"],
  ]);
  for (const { manifest_path: manifest, source, name } of metadata.packages) {
    const folder = dirname(manifest);
    if (source !== null) folders.set(dirname(folder), "/crates");
    else if (!folder.startsWith(metadata.workspace_root)) folders.set(folder, name);
  }
  return folders;
}

function failure(plugin: string, output: string): HostError<"BUILD_FAILED"> {
  return new HostError("BUILD_FAILED", { plugin, diagnostics: [], output: output.trim() });
}
