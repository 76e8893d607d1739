import { Command } from "commander";
import { withExamples } from "../examples.ts";
import type { LoadOptions } from "../find-settings.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk list", "the plugins that tusk run would load here"],
  ["tusk list site.tsk && tusk run site.tsk", "run them only if all of them load"],
  ["tusk list --json | jq '.[] | {name, state}'", "for programs"],
] as const;

/** `tusk list`: loads plugins, and tells what became of each. */
export function createListCommand(session: Session): Command {
  const command = new Command("list")
    .summary("load plugins and tell what becomes of each")
    .description(
      "Loads plugins as run does, tells what becomes of each, and ends. Fails if one of them does not load.",
    )
    .argument("[config]", "settings: a .json or .tsk file")
    .option("--folder <dir>", "folder in which every .wasm is a plugin")
    .option("--cache-dir <dir>", "where compiled plugins are kept")
    .action(async (config: string | undefined, options: LoadOptions) => {
      const { list } = await import("../actions/list.ts");
      await list(session, config, options);
    });
  return withExamples(command, EXAMPLES);
}
