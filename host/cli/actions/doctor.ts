import type { Settings } from "../../config/settings.ts";
import { messageOf } from "../../core/error.ts";
import {
  examineAssemblyScript,
  examineCache,
  examineDatabases,
  examineNode,
  examinePlugins,
  examineRust,
  type Finding,
} from "../examinations.ts";
import { findSettings, type LoadOptions } from "../find-settings.ts";
import type { Output, Style } from "../output.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";

const MARKS: Readonly<Record<Finding["state"], readonly [mark: string, style: Style]>> = {
  ok: ["✔", "green"],
  absent: ["-", "dim"],
  wrong: ["✖", "red"],
};

/** Tells whether everything is there that plugins of this folder need to be built and served, and what to do if not. */
export async function doctor(
  session: Session,
  config: string | undefined,
  options: LoadOptions,
): Promise<void> {
  const { output } = session;
  const findings = [
    examineNode(),
    await examineAssemblyScript("."),
    ...(await examineRust(".")),
    ...(await examineSettings(config, options)),
  ];
  const healthy = findings.every(({ state }) => state !== "wrong");
  if (output.json) output.document({ healthy, findings });
  else print(output, findings);
  if (!healthy) session.exit = "failed";
}

async function examineSettings(config: string | undefined, options: LoadOptions): Promise<Finding[]> {
  const what = "Settings";
  let settings: Settings;
  try {
    settings = await findSettings(config, options);
  } catch (error) {
    return [{ what, state: "wrong", found: messageOf(error), mend: "Correct them as it says." }];
  }
  return [
    { what, state: "ok", found: settings.file ?? "none: every plugin in the folder is served" },
    ...(await examinePlugins(settings)),
    ...(settings.cacheDir === undefined ? [] : [await examineCache(settings.cacheDir)]),
    ...(await examineDatabases(settings)),
  ];
}

function print(output: Output, findings: readonly Finding[]): void {
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const { what, state, found, mend } of findings) {
    const [mark, style] = MARKS[state];
    // What is wrong with settings is told over several lines.
    const text = found.split("\n").map(plain).join("\n  ");
    output.line(`${output.style(style, mark)} ${plain(what).padEnd(width)}  ${text}`);
    if (mend !== undefined) output.line(`  ${"".padEnd(width)}  ${output.style("bold", plain(mend))}`);
  }
  if (findings.some(({ state }) => state === "absent"))
    output.note('\nWhat is marked with "-" is not there, and nothing here needs it.');
}
