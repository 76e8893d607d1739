import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { HostError } from "../core/error.ts";
import { packageRoot, packageVersion } from "../core/package-root.ts";
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

/**
 * Writes a plugin that builds, passes its tests and runs as it is. Returns its files, relative to its folder.
 *
 * @throws HostError PLUGIN_NAME_INVALID when the name is none that both languages and the settings take
 * @throws HostError FOLDER_NOT_EMPTY when something is there already
 */
export async function scaffoldPlugin(scaffold: Scaffold): Promise<string[]> {
  const { name, language, capability } = scaffold;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw new HostError("PLUGIN_NAME_INVALID", { name });
  const folder = resolve(scaffold.folder);
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw new HostError("FOLDER_NOT_EMPTY", { folder });
  }
  const { templates, source } = SCAFFOLD_LANGUAGES[language];
  const fill = async (template: string) =>
    (await readFile(join(packageRoot, template), "utf8")).replaceAll("my-plugin", name);
  const rustSdk = rustSdkFrom(folder);
  const files = {
    ...scaffoldFiles({ name, language, capability, version: packageVersion, rustSdk }),
    "test/plugin.test.ts": await fill("plugins-as/templates/plugin.test.ts"),
    [source]: await fill(`${templates}/${capability}/${basename(source)}`),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return Object.keys(files);
}

/**
 * The folder of the Rust SDK as a plugin's `Cargo.toml` names it. Where this package is installed for somebody
 * else, by `npx` or globally, it is the one that `npm install` will bring to the plugin.
 */
export function rustSdkFrom(folder: string, ours: string = packageRoot): string {
  const [installedFor, ...inside] = ours.split(`${sep}node_modules${sep}`);
  const reached = inside.length === 0 || `${folder}${sep}`.startsWith(`${installedFor}${sep}`);
  const root = reached ? ours : join(folder, "node_modules", "tusk-host");
  return relative(folder, join(root, "examples/rust/sdk")).split(sep).join("/");
}
