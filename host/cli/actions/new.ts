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
  const files = await scaffoldPlugin({ name, language: lang, capability, folder: dir });
  if (output.json) return output.document({ name, folder: resolve(dir), files });
  const { name: language, source } = SCAFFOLD_LANGUAGES[lang];
  output.line(`${output.style("bold", name)}  ${relative(".", dir)}  ${capability} plugin in ${language}`);
  for (const file of files) output.line(`  ${file === source ? output.style("green", file) : file}`);
  output.note(
    `\nNext:\n  cd ${relative(".", dir)}\n  npm install\n  npm test    # builds it, and holds it against the contract\n  npm start`,
  );
}
