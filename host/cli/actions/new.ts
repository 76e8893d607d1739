import { relative, resolve } from "node:path";
import { type Scaffold, SCAFFOLD_LANGUAGES, scaffoldPlugin } from "../../build/scaffold.ts";
import type { Session } from "../session.ts";

export interface NewCommandOptions {
  readonly lang: Scaffold["language"];
  readonly capability: Scaffold["capability"];
  readonly dir?: string;
}

/** Writes a new plugin, and says what to do next. */
export async function newPlugin(
  { output }: Session,
  name: string,
  { lang, capability, dir = name }: NewCommandOptions,
): Promise<void> {
  const { files, source } = await scaffoldPlugin({ name, language: lang, capability, folder: dir });
  if (output.json) return output.document({ name, folder: resolve(dir), files, dependencies: source });
  const { name: language, source: entry } = SCAFFOLD_LANGUAGES[lang];
  output.line(
    `${output.style("bold", name)}  ${relative(".", dir) || "."}  ${capability} plugin in ${language}`,
  );
  for (const file of files) output.line(`  ${file === entry ? output.style("green", file) : file}`);
  if (source.host.startsWith("file:")) {
    output.note(
      `\nIt takes tusk-host from ${source.host.slice("file:".length)}, since this one was not installed from a registry.`,
    );
  }
  const toFolder = resolve(dir) === resolve(".") ? "" : `\n  cd ${relative(".", dir)}`;
  output.note(
    `\nNext:${toFolder}\n  npm install\n  npm test       # builds it, and holds it against the contract\n  npm run dev    # serves it while you write it`,
  );
}
