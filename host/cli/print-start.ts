import { relative } from "node:path";
import type { Output } from "./output.ts";
import { plain } from "./plain.ts";
import { printPlugins } from "./plugin-table.ts";
import type { RunStart } from "./run-report.ts";

/** Prints for a person what is served, and where. */
export function printStart(output: Output, { url, adminUrl, routes, plugins, watching }: RunStart): void {
  if (plugins.length > 0) printPlugins(output, plugins);
  else output.line("No plugins.");
  output.line();
  output.line(`Listening on ${output.style("bold", url)}`);
  const width = Math.max(0, ...routes.mounted.map(({ pattern }) => pattern.length));
  for (const { method, pattern, plugin } of routes.mounted)
    output.line(`  ${method.padEnd(7)} ${pattern.padEnd(width)}  ${output.style("dim", plain(plugin))}`);
  if (adminUrl !== undefined) output.line(`Health and metrics on ${adminUrl}`);
  if (watching !== undefined) output.line(`Watching ${relative(".", watching)}, and the file of each plugin`);
}
