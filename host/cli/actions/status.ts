import type { HostStatus } from "../../control/host-control.ts";
import { askRunning, type HostOptions } from "../ask-running.ts";
import { plain } from "../plain.ts";
import { printPlugins } from "../plugin-table.ts";
import { formatBytes, formatDuration } from "../quantities.ts";
import type { Session } from "../session.ts";

/** Tells how a host that runs does, and its plugins. */
export async function status({ output }: Session, options: HostOptions): Promise<void> {
  const answer = (await askRunning(options, { command: "status" })) as HostStatus;
  if (output.json) {
    output.document(answer);
    return;
  }
  const { pid, version, startedAtMs, settings, url, watching, rssBytes, plugins } = answer;
  const rows = [
    ["Process", `${pid}, tusk-host ${version}, for ${formatDuration(Date.now() - startedAtMs)}`],
    ["Settings", settings === undefined ? "none" : plain(settings)],
    ["Listening on", url ?? "nothing"],
    ["Watching", watching === undefined ? "nothing" : plain(watching)],
    ["Memory", `${formatBytes(rssBytes)} of the whole process`],
  ];
  for (const [title = "", text] of rows) output.line(`${output.style("dim", title.padEnd(13))} ${text}`);
  output.line();
  if (plugins.length > 0) printPlugins(output, plugins);
  for (const { name, earlier } of plugins) {
    if (earlier.length === 0) continue;
    const builds = earlier.map((build) => `${plain(build.version)} (${build.hash.slice(0, 8)})`).join(", ");
    output.line(`${plain(name)}: ${output.style("dim", "can go back to")} ${builds}`);
  }
  if (plugins.length === 0) output.line("No plugins.");
}
