import { PLUGIN_KIND_NAMES } from "../../component/plugin-kind.ts";
import { grantFor } from "../../security/permissions.ts";
import { type InspectedModule, type Inspection, inspectBinary } from "../inspection.ts";
import type { Output } from "../output.ts";
import { plain } from "../plain.ts";
import { formatBytes } from "../quantities.ts";
import { readBinary } from "../read-binary.ts";
import type { Session } from "../session.ts";

export interface InspectOptions {
  readonly permissions?: true;
}

/** Tells what a file says of itself, without running any of it. */
export async function inspect(session: Session, file: string, options: InspectOptions): Promise<void> {
  const { output } = session;
  const inspection = inspectBinary(await readBinary(file, "tusk inspect"), file);
  if (options.permissions) tellPermissions(output, inspection);
  else if (output.json) output.document(inspection);
  else print(output, inspection);
  if (inspection.problem) session.exit = "failed";
}

function print(output: Output, inspection: Inspection): void {
  const facts = factsOf(inspection).filter(([, text]) => text !== "");
  const width = Math.max(...facts.map(([title]) => title.length));
  output.line(output.style("bold", inspection.file));
  for (const [title, text] of facts) output.line(`  ${title.padEnd(width)}  ${text}`);
  const { problem } = inspection;
  if (problem) output.line(`  ${output.style("red", "error")} ${problem.code}: ${problem.message}`);
}

/** What it asks for, and what to write into its settings to grant it. @throws HostError why it is no plugin */
function tellPermissions(output: Output, { file, plugin, problem }: Inspection): void {
  if (problem) throw problem;
  if (!plugin) return;
  const { permissions, services, wasi } = plugin;
  const grant = grantFor(permissions);
  if (output.json) return output.document({ file, permissions, services, wasi, grant });
  output.line(`asks for  ${list(permissions) || "no permission"}`);
  output.line(`is given  ${list([...services, ...wasi]) || "nothing"}`);
  if (grant !== "") output.line(`\nTo grant it, add to its settings:\n  ${grant}`);
}

function factsOf(inspection: Inspection): [title: string, text: string][] {
  const { kind, sizeBytes, sha256, plugin, imports, exports, coreModules, nestedComponents } = inspection;
  const contract = plugin ? `, for contract ${plugin.contractVersion}` : "";
  const withInterfaces: [string, string][] = plugin
    ? [
        ["capabilities", list(plugin.capabilities) || "none"],
        ["also exports", list([...plugin.optional, ...plugin.otherExports])],
        ["asks for", list(plugin.permissions) || "no permission"],
        ["uses", list(plugin.services)],
        ["WASI", plugin.wasi.length > 0 ? list(plugin.wasi) : "none"],
      ]
    : [
        ["exports", list(exports) || "nothing"],
        ["imports", list(imports) || "nothing"],
      ];
  return [
    ["kind", `${plugin ? PLUGIN_KIND_NAMES[plugin.kind] : kind.replace("-", " ")}${contract}`],
    ["size", formatBytes(sizeBytes)],
    ["sha256", sha256],
    ...withInterfaces,
    ...coreModules.map((module, i): [string, string] => [
      i === 0 ? "core modules" : "",
      describeModule(module),
    ]),
    ["components", nestedComponents === 0 ? "" : `${nestedComponents} inside`],
    ...Object.entries(inspection.producers).map(([field, names]): [string, string] => [
      plain(field),
      list(names),
    ]),
    ["sections", list(inspection.customSections)],
  ];
}

function describeModule({ name, sizeBytes, functions, memories }: InspectedModule): string {
  const memory = memories.map(
    ({ minBytes, maxBytes }) =>
      `memory from ${formatBytes(minBytes)}${maxBytes === undefined ? ", without a limit of its own" : ` to ${formatBytes(maxBytes)}`}`,
  );
  const named = name === undefined ? [] : [plain(name)];
  return [...named, formatBytes(sizeBytes), `${functions} functions`, ...memory].join(", ");
}

function list(names: readonly string[]): string {
  return names.map(plain).join(", ");
}
