import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { componentEmbed } from "@bytecodealliance/jco-transpile/wasm-tools";
import { packageRoot } from "../core/package-root.ts";
import { decodeModule } from "../wasm/module-outline.ts";

/** The contract of this package, as `wit/` has it. */
export interface Contract {
  /** `tusk:plugin`. */
  readonly package: string;
  /** A semantic version, such as `0.1.0`. */
  readonly version: string;
  /** All of `wit/` in one text: one package. */
  readonly source: string;
  /** What a core module may import, as `module.name`: `tusk:plugin/clock@0.1.0.now-ms`. */
  readonly imports: ReadonlySet<string>;
}

let contract: Promise<Contract> | undefined;

/** Reads the contract, once. */
export function loadContract(): Promise<Contract> {
  contract ??= readContract();
  return contract;
}

async function readContract(): Promise<Contract> {
  const folder = join(packageRoot, "wit");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".wit"));
  // The package is declared in the first file of a text, and here in types.wit.
  files.sort((a, b) => Number(b === "types.wit") - Number(a === "types.wit") || a.localeCompare(b));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  const source = texts.join("\n");
  const [, packageName = "", version = ""] = /^package ([a-z:-]+)@([0-9a-z.+-]+);$/m.exec(source) ?? [];
  return { package: packageName, version, source, imports: await importsOf(source, version) };
}

/** Asks the tool that knows WIT for an empty module that imports all there is. */
async function importsOf(source: string, version: string): Promise<ReadonlySet<string>> {
  const dummy = await componentEmbed({ dummy: true, witSource: source, world: "services" });
  const { imports } = decodeModule(dummy, "the contract");
  return new Set(imports.map(({ module, name }) => inOlderForm(module, name, version)));
}

/**
 * The tool names imports by the newer of two conventions (`cm32p2|a:b/c@0.1`, `connection_drop`); compilers, and our
 * SDK, use the older one (`a:b/c@0.1.0`, `[resource-drop]connection`).
 */
function inOlderForm(module: string, name: string, version: string): string {
  const owner = module.replace(/^.*\|(?<owner>.*)@.*$/, `$<owner>@${version}`);
  return `${owner}.${name.replace(/^(?<resource>.*)_drop$/, "[resource-drop]$<resource>")}`;
}
