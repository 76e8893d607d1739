import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { HostError } from "../core/error.ts";
import { packageRoot } from "../core/package-root.ts";
import { type PackageSource, resolvePackageSource } from "./package-source.ts";
import { scaffoldFiles } from "./scaffold-files.ts";

/** What a new plugin may be capable of. Each has a template in each language. */
export const SCAFFOLDS = ["http", "middleware", "database", "auth", "notification"] as const;

/** The languages of new plugins, each with where its templates are and where a plugin's source begins. */
export const SCAFFOLD_LANGUAGES = {
  as: { name: "AssemblyScript", templates: "plugins-as/templates", source: "assembly/index.ts" },
  rust: { name: "Rust", templates: "examples/rust/templates", source: "src/lib.rs" },
} as const;

/** What a new plugin is to be. */
export interface Scaffold {
  /** Kebab-case: letters, digits and "-". */
  readonly name: string;
  readonly language: keyof typeof SCAFFOLD_LANGUAGES;
  readonly capability: (typeof SCAFFOLDS)[number];
  /** Where it comes to stand. */
  readonly folder: string;
}

/** What was written. */
interface ScaffoldResult {
  /** Relative to the plugin's folder. */
  readonly files: readonly string[];
  readonly source: PackageSource;
}

/**
 * Writes a plugin that builds, passes its tests and runs as it is.
 *
 * @throws HostError PLUGIN_NAME_INVALID when the name is none that both languages and the settings take
 * @throws HostError FOLDER_NOT_EMPTY when something is there already
 */
export async function scaffoldPlugin(scaffold: Scaffold): Promise<ScaffoldResult> {
  const { name, language, capability } = scaffold;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw new HostError("PLUGIN_NAME_INVALID", { name });
  const folder = resolve(scaffold.folder);
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw new HostError("FOLDER_NOT_EMPTY", { folder });
  }
  await mkdir(folder, { recursive: true });
  const source = await resolvePackageSource(await realpath(folder));
  const { templates, source: entry } = SCAFFOLD_LANGUAGES[language];
  const fill = async (template: string) =>
    (await readFile(join(packageRoot, template), "utf8")).replaceAll("my-plugin", name);
  const files = {
    ...scaffoldFiles({ name, language, capability, source }),
    "test/plugin.test.ts": await fill("plugins-as/templates/plugin.test.ts"),
    [entry]: await fill(`${templates}/${capability}/${basename(entry)}`),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { files: Object.keys(files), source };
}
