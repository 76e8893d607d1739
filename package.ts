// Writes the packages that are published into `dist/`:
//
//     npm run package
//
// `tusk-host` has JavaScript and types in place of our TypeScript, and a manifest without what only this repository
// needs. Its folders stand to each other as here, so that what finds the contract here finds it there.
// `tusk-plugin-as` is published as it stands, but for its transform, which is JavaScript there.

import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./host/build/run-command.ts";

const ROOT = import.meta.dirname;
const SDK = "plugins-as/sdk";

/** What `tusk-host` needs beside the code: to be read, and to build plugins against. */
const COPIED = [
  "README.md",
  "SECURITY.md",
  "LICENSE",
  "SECURITY.md",
  "wit",
  "host/config/settings.schema.json",
  "examples/rust/sdk",
  "examples/rust/setup.sh",
  "examples/rust/templates",
  "plugins-as/templates",
];

/** The fields of our own manifest that are true of the package, too. */
const KEPT = ["name", "version", "description", "license", "keywords", "type", "engines"] as const;

/** Writes all packages into `dist`, each into a folder of its name. What was there before is gone. */
export async function writePackages(dist: string): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  const host = join(dist, "tusk-host");
  await compile("tsconfig.dist.json", join(host, "host"));
  await copy(".", [...COPIED, ...(await pages())], host);
  await writeSdk(join(dist, "tusk-plugin-as"));
  await writeFile(join(host, "examples/rust/Cargo.toml"), await rustWorkspace());
  await writeFile(join(host, "package.json"), `${JSON.stringify(await manifest(), null, 2)}\n`);
}

async function writeSdk(folder: string): Promise<void> {
  const { files, exports, ...rest } = await readJson<SdkManifest>(`${SDK}/package.json`);
  await copy(
    SDK,
    files.filter((file) => file !== "transform"),
    folder,
  );
  await compile(`${SDK}/transform/tsconfig.json`, join(folder, "transform"));
  const { "./transform": source = "", ...others } = exports;
  const transform = { types: compiled(String(source), ".d.ts"), default: compiled(String(source), ".js") };
  const written = { ...rest, exports: { ...others, "./transform": transform }, files };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(written, null, 2)}\n`);
}

async function compile(project: string, outDir: string): Promise<void> {
  const tsc = join(dirname(fileURLToPath(import.meta.resolve("typescript/package.json"))), "bin/tsc");
  const args = [tsc, "--project", join(ROOT, project), "--outDir", outDir];
  const result = await runCommand(process.execPath, args, process.env);
  if (result?.code !== 0) throw new Error(`The sources do not compile.\n${result?.stdout}`);
}

/** The guides, without what writes and tests them. */
async function pages(): Promise<string[]> {
  const files = await readdir(join(ROOT, "docs"));
  return files.filter((file) => file.endsWith(".md")).map((file) => join("docs", file));
}

async function copy(from: string, paths: readonly string[], to: string): Promise<void> {
  for (const path of paths) await cp(join(ROOT, from, path), join(to, path), { recursive: true });
}

/** The workspace that the Rust SDK takes its versions from, with nothing in it but the SDK. */
async function rustWorkspace(): Promise<string> {
  const text = await readFile(join(ROOT, "examples/rust/Cargo.toml"), "utf8");
  return text.replace(/^members = .*$/m, 'members = ["sdk"]');
}

interface SdkManifest {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
}

interface OwnManifest extends Record<(typeof KEPT)[number], unknown> {
  readonly exports: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

async function manifest(): Promise<object> {
  const own = await readJson<OwnManifest>("package.json");
  const sdk = await readJson<SdkManifest>(`${SDK}/package.json`);
  const { assemblyscript = "" } = own.devDependencies;
  // Node itself is brought for the scripts of this repository only.
  const optional = Object.entries(own.optionalDependencies).filter(([name]) => !name.startsWith("node-"));
  return {
    ...Object.fromEntries(KEPT.map((field) => [field, own[field]])),
    files: ["docs", "examples", "host", "plugins-as", "wit", "SECURITY.md"],
    exports: {
      ...mapValues(own.exports, (path) => ({
        types: compiled(path, ".d.ts"),
        default: compiled(path, ".js"),
      })),
      "./package.json": "./package.json",
    },
    bin: mapValues(own.bin, (path) => compiled(path, ".js")),
    dependencies: { ...own.dependencies, [sdk.name]: sdk.version },
    optionalDependencies: Object.fromEntries(optional),
    // Only who builds plugins in AssemblyScript needs it.
    peerDependencies: { assemblyscript: `^${assemblyscript}` },
    peerDependenciesMeta: { assemblyscript: { optional: true } },
  };
}

function compiled(path: string, extension: string): string {
  return path.replace(/\.ts$/, extension);
}

function mapValues<T>(
  record: Readonly<Record<string, string>>,
  map: (value: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(join(ROOT, path), "utf8")) as T;
}

if (import.meta.main) await writePackages(join(ROOT, "dist"));
