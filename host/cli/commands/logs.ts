import { Command, InvalidArgumentError } from "commander";
import type { LogsOptions } from "../actions/logs.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk logs", "the last that plugins logged, and what happened to them"],
  ["tusk logs -f api", "of one plugin, and whatever comes"],
  ["tusk logs --request 6f1c2b04-…", "what plugins logged while they answered one request"],
  ["tusk logs -f -n 0 --json | jq 'select(.level == \"error\")'", "only what comes, for programs"],
] as const;

/** `tusk logs`: prints what plugins of a host that runs have logged. */
export function createLogsCommand(session: Session): Command {
  const command = new Command("logs")
    .summary("print what plugins of the host that runs log, and what happens to them")
    .description(
      "Prints the last that plugins of the host that runs on these settings have logged, and what happened to them, as run " +
        "prints it. The host keeps the last 1000 lines.",
    )
    .argument("[plugin]", "name of the plugin; all of them by default")
    .option("-f, --follow", "go on with what comes, until the host ends")
    .option("-n, --lines <n>", "how many of the last, at most", parseLines, 1_000)
    .option(
      "--request <id>",
      "only what was logged for this request: its id is in its answer and its line of the log",
    )
    .option("--config <file>", "settings of the host: tusk.json or tusk.tsk of this folder by default")
    .option("--folder <dir>", "its folder of plugins, if it was started with one")
    .action(async (plugin: string | undefined, options: LogsOptions) => {
      const { logs } = await import("../actions/logs.ts");
      await logs(session, plugin, options);
    });
  return withExamples(command, EXAMPLES);
}

function parseLines(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("That is a number from 0 to 99999.");
}
