// Runs the AssemblyScript compiler in a worker: it takes seconds, all of them on the processor.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort } from "node:worker_threads";
import type { AscCompiler, AscDiagnostic } from "./asc.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** What the worker is asked to compile. */
export interface AscRequest {
  /** The URL of the compiler's module. */
  readonly compiler: string;
  /** The absolute path of the folder whose modules are `tusk-plugin-as/…`. */
  readonly sdk: string;
  /** The absolute path of the module of the SDK's transform, if it has one. */
  readonly transform: string | undefined;
  /** The compiler's command line. */
  readonly args: readonly string[];
}

/** What the worker answers, once. */
export interface AscAnswer {
  /** What the compiler wrote, by name; nothing if it failed. */
  readonly outputs: ReadonlyMap<string, Uint8Array | string>;
  /** What is wrong with the sources; empty if nothing is. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that the compiler asked for, by absolute path: its SHA-256, or null if there was none. */
  readonly inputs: ReadonlyMap<string, string | null>;
  /** Why there is no output. */
  readonly failure: string | undefined;
}

const SDK_MODULE = /(?:^|[/\\])node_modules[/\\]tusk-plugin-as[/\\](?<path>.*)$/;
const CATEGORY_ERROR = 3;

async function compile({ compiler, sdk, transform, args }: AscRequest): Promise<AscAnswer> {
  const asc = (await import(compiler)) as AscCompiler;
  const sources = new Sources(sdk);
  const transforms = transform === undefined ? [] : [await loadTransform(transform, sources)];
  await bindEnvironment(asc, sources);
  const outputs = new Map<string, Uint8Array | string>();
  const reported: AscDiagnostic[] = [];
  const { error } = await asc.main(args, {
    stdout: asc.createMemoryStream(),
    stderr: asc.createMemoryStream(),
    readFile: (name, baseFolder) => sources.read(name, baseFolder),
    writeFile: (name, contents) => void outputs.set(name, contents),
    // Only folders given as --lib are listed, and none is.
    listFiles: () => null,
    reportDiagnostic: (diagnostic) => void reported.push(diagnostic),
    transforms,
  });
  const diagnostics = reported
    .filter(({ category }) => category === CATEGORY_ERROR)
    .map((diagnostic) => locate(diagnostic, (path) => sources.textOf(path) ?? libraryText(asc, path)));
  return { outputs, diagnostics, inputs: sources.hashes, failure: error?.message };
}

async function loadTransform(file: string, sources: Sources): Promise<unknown> {
  await sources.noteFolder(dirname(file));
  const { default: transform } = (await import(pathToFileURL(file).href)) as { default: unknown };
  return transform;
}

/** What the compiler reads: the plugin's files, packages that it imports, and the SDK wherever that stands. */
class Sources {
  readonly hashes = new Map<string, string | null>();
  readonly #sdk: string;
  readonly #texts = new Map<string, string>();

  constructor(sdk: string) {
    this.#sdk = sdk;
  }

  async read(name: string, baseFolder: string): Promise<string | null> {
    const inSdk = SDK_MODULE.exec(name)?.groups?.["path"];
    const file = inSdk === undefined ? resolve(baseFolder, name) : join(this.#sdk, inSdk);
    const text = await readFile(file, "utf8").catch(() => null);
    this.hashes.set(file, text === null ? null : createHash("sha256").update(text).digest("hex"));
    if (text !== null) this.#texts.set(normalized(name), text);
    return text;
  }

  /** Counts all files of a folder as read. */
  async noteFolder(folder: string): Promise<void> {
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), "utf8");
      this.hashes.set(join(folder, name), createHash("sha256").update(text).digest("hex"));
    }
  }

  /** The text of a file that has been read, by its path as diagnostics give it. */
  textOf(path: string): string | undefined {
    return this.#texts.get(path);
  }
}

/**
 * Puts the SDK's bindings where the compiler looks for those to a browser, so that `console`, `Date.now` and the
 * like reach the host. The standard library's own modules ask for them, and nothing but this table tells the
 * compiler where they come from.
 */
async function bindEnvironment({ libraryFiles }: AscCompiler, sources: Sources): Promise<void> {
  libraryFiles["bindings/browser"] ??= libraryFiles["bindings/dom"] ?? "";
  libraryFiles["bindings/dom"] =
    (await sources.read("node_modules/tusk-plugin-as/environment/dom.ts", "")) ?? "";
}

function libraryText({ libraryFiles }: AscCompiler, path: string): string {
  return libraryFiles[path.replace(/^~lib\/|\.ts$/g, "")] ?? "";
}

/** A module's path as diagnostics give it: `assembly/index.ts`, or `~lib/package/module.ts`. */
function normalized(name: string): string {
  return name.replaceAll("\\", "/").replace(/^.*node_modules\//, "~lib/");
}

function locate({ message, range }: AscDiagnostic, textOf: (path: string) => string): Diagnostic {
  if (!range) return { file: "", line: 0, column: 0, message };
  const file = range.source.normalizedPath;
  const before = textOf(file).slice(0, range.start).split("\n");
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
}

const port = parentPort;
port?.on("message", (request: AscRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origin
  void compile(request).then((answer) => port.postMessage(answer));
});
