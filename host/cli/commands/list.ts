import { Command } from "commander";
import { withExamples } from "../examples.ts";
import type { AloneOptions } from "../ask-running.ts";
import type { Session } from "../session.ts";
import { type SettingsOption, takesSettings } from "../settings-argument.ts";

const EXAMPLES = [
  ["tusk list", "the plugins of the host that runs here, else those that tusk run would load"],
  ["tusk list site.tsk --alone && tusk run site.tsk", "run them only if all of them load"],
  ["tusk list --json | jq '.[] | {name, state}'", "for programs"],
] as const;

/** `tusk list`: tells how the plugins of a host that runs do, or loads them and tells what became of each. */
export function createListCommand(session: Session): Command {
  const command = takesSettings(new Command("list"))
    .summary("tell how plugins do")
    .description(
      "Tells how the plugins do of the host that runs on these settings. If none does, loads them as run would, tells " +
        "what becomes of each, and ends. Fails if one of them does not serve that should.",
    )
    .option("--folder <dir>", "folder in which every .wasm is a plugin")
    .option("--alone", "load them here, even if a host runs")
    .option("--cache-dir <dir>", "where compiled plugins are kept")
    .action(async (config: string | undefined, options: AloneOptions & SettingsOption) => {
      const { list } = await import("../actions/list.ts");
      await list(session, config ?? options.config, options);
    });
  return withExamples(command, EXAMPLES);
}
