// Writes docs/errors.md, the list of all codes, from the table that the messages come from:
//
//     node docs/errors.ts
//
// A test fails when the table has changed and this was not run.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { EXIT, EXIT_BY_CODE } from "../host/cli/exit-codes.ts";
import { ERRORS } from "../host/core/error-codes.ts";
import type { ErrorCode } from "../host/core/error.ts";
import { STATUS_BY_CODE } from "../host/http/error-status.ts";

const FILE = join(import.meta.dirname, "errors.md");
const TABLE = join(import.meta.dirname, "../host/core/error-codes.ts");

const HEAD = `# Errors

Everything that goes wrong is a \`HostError\` with a stable \`code\`, typed \`details\`, and a message that says what happened, to which
plugin, and what to do. The command prints it as \`error CODE: message\`, or with \`--json\` as an object; the HTTP server answers with the
status below, and tells a client nothing but that status and the code.

\`\`\`ts
try {
  await host.plugin("api").http.handleRequest({ method: "GET", path: "/" });
} catch (error) {
  if (HostError.is(error, "PLUGIN_TIMEOUT")) console.log(error.details.limitMs);
}
\`\`\`
`;

/** The text of docs/errors.md. `…` stands for what differs from case to case. */
export async function errorsPage(): Promise<string> {
  const source = await readFile(TABLE, "utf8");
  const [, table = ""] = /^export const ERRORS = \{\n(.*?)^\} as const/ms.exec(source) ?? [];
  const groups = table.split(/^ {2}\/\/ (.*?) -{3,}\n/m).slice(1);
  const parts = [HEAD];
  for (let i = 0; i < groups.length; i += 2) parts.push(group(groups[i] ?? "", groups[i + 1] ?? ""));
  return format(parts.join("\n"), { parser: "markdown", printWidth: 110 });
}

function group(title: string, rows: string): string {
  const entries = rows.split(/^ {2}(?=[A-Z_]+: \()/m).filter((entry) => /^[A-Z_]+: \(/.test(entry));
  return [
    `## ${title}`,
    "",
    "| code | message | HTTP | exit |",
    "| --- | --- | --- | --- |",
    ...entries.map(row),
    "",
  ].join("\n");
}

function row(entry: string): string {
  const code = entry.slice(0, entry.indexOf(":")) as ErrorCode;
  return `| \`${code}\` | ${sentences(entry)} | ${STATUS_BY_CODE[code]} | ${EXIT[EXIT_BY_CODE[code]].code} |`;
}

/** The texts of an entry that are whole sentences, with "…" for what is filled in. */
function sentences(entry: string): string {
  const body = entry.slice(entry.indexOf("=>") + 2);
  const texts = templates(body).filter((text) => /[A-Za-z]{3}.* .*[.?:…]/s.test(text));
  return texts
    .map((text) =>
      text
        .replaceAll("|", "\\|")
        .replaceAll(/\\n|\n/g, " ")
        .replaceAll("<", "&lt;"),
    )
    .join("<br>");
}

/** The template literals of a piece of source, outermost ones only. */
function templates(source: string): string[] {
  const found: string[] = [];
  for (let at = source.indexOf("`"); at >= 0; at = source.indexOf("`", at)) {
    const { text, end } = template(source, at + 1);
    found.push(text);
    at = end;
  }
  return found;
}

function template(source: string, start: number): { text: string; end: number } {
  let text = "";
  let at = start;
  while (at < source.length && source[at] !== "`") {
    if (source.startsWith("${", at)) {
      at = afterHole(source, at + 2);
      if (!text.endsWith("…")) text += "…";
    } else text += source[at++];
  }
  return { text, end: at + 1 };
}

/** Behind the brace that closes a hole; there may be templates in it. */
function afterHole(source: string, start: number): number {
  let depth = 1;
  let at = start;
  while (depth > 0) {
    const character = source[at];
    if (character === "`") at = template(source, at + 1).end;
    else {
      if (character === "{") depth++;
      if (character === "}") depth--;
      at++;
    }
  }
  return at;
}

/** Every code is in the page. */
export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

if (import.meta.main) await writeFile(FILE, await errorsPage());
