import { Command, InvalidArgumentError, Option } from "commander";
import type { BenchOptions } from "../actions/bench.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk bench", "the plugin in this folder: whatever may be asked of it without harm"],
  [
    `tusk bench ledger --function database-plugin.execute-query '"SELECT ?1"' '[1]'`,
    "one function, each argument as JSON",
  ],
  ["tusk bench --seconds 10 --json", "for longer, and for programs"],
] as const;

/** `tusk bench`: measures calls of a plugin. */
export function createBenchCommand(session: Session): Command {
  const command = new Command("bench")
    .summary("measure calls of a plugin")
    .description(
      "Calls a plugin again and again, one call after the other, tells calls a second, latency, fuel and memory, and holds them against those of the last time, which are kept in .tusk beside it. Databases are empty ones in memory.",
    )
    .argument("[plugin]", "folder of a plugin, which is built, a component, or its name in tusk.json", ".")
    .argument("[args...]", "arguments of --function, each as JSON, or all of them as one JSON array")
    .option("--function <capability.function>", "what to call, such as http-plugin.handle-request")
    .option(
      "--config <file>",
      "settings to load it with (default: tusk.json beside the plugin, if it names it)",
    )
    .option("--seconds <n>", "how long to measure each call", positive, 2)
    .addOption(
      new Option("--calls <n>", "how many calls at most")
        .argParser(positive)
        .default(Infinity, "as many as there is time for"),
    )
    .action(async (plugin: string, args: string[], options: BenchOptions) => {
      const { bench } = await import("../actions/bench.ts");
      await bench(session, plugin, args, options);
    });
  return withExamples(command, EXAMPLES);
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("It is a number above 0.");
}
