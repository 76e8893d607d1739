import { Command, Option } from "commander";
import { withExamples } from "../examples.ts";
import type { LoadOptions } from "../find-settings.ts";
import type { Session } from "../session.ts";
import { type SettingsOption, takesSettings } from "../settings-argument.ts";

const EXAMPLES = [
  ["tusk graph", "in which order plugins start, and how long each takes"],
  ["tusk graph --format dot | dot -Tsvg > plugins.svg", "a picture"],
  ["tusk graph site.tsk --format mermaid", "for a document"],
] as const;

/** How the graph can be written. */
const GRAPH_FORMATS = ["tree", "dot", "mermaid"] as const;

export interface GraphOptions extends LoadOptions {
  readonly format: (typeof GRAPH_FORMATS)[number];
}

/** `tusk graph`: the dependencies of plugins, and the order in which they start. */
export function createGraphCommand(session: Session): Command {
  const command = takesSettings(new Command("graph"))
    .summary("show which plugins depend on which, and how long they take to start")
    .description(
      "Prints the order in which plugins start. A tree says how long each took, so plugins are loaded for it; the other formats only read the settings.",
    )
    .addOption(new Option("--format <format>", "how to write it").choices(GRAPH_FORMATS).default("tree"))
    .option("--folder <dir>", "folder in which every .wasm is a plugin")
    .option("--cache-dir <dir>", "where compiled plugins are kept")
    .action(async (config: string | undefined, options: GraphOptions & SettingsOption) => {
      const { graph } = await import("../actions/graph.ts");
      await graph(session, config ?? options.config, options);
    });
  return withExamples(command, EXAMPLES);
}
