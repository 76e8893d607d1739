import { Command } from "commander";
import type { CallCommandOptions } from "../actions/call.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  [`tusk call postgres database-plugin execute-query '"SELECT ?1 AS n"' '[1]'`, "each argument as JSON"],
  [`tusk call postgres database-plugin execute-query '["SELECT 1", []]'`, "or all of them as one array"],
  [
    `tusk call api http-plugin handle-request '{"method": "GET", "path": "/api/health"}'`,
    "a record is an object",
  ],
  [`tusk call api http-plugin register-routes --file build/api.wasm`, "a file, without settings"],
] as const;

/** `tusk call`: calls one function of a plugin, and prints what it answers. */
export function createCallCommand(session: Session): Command {
  const command = new Command("call")
    .summary("call one function of a plugin")
    .description(
      "Calls one function of a plugin by its names in WIT, in the host that runs on these settings. If none does, or with " +
        "--file, loads the plugin and those it depends on for that. Prints the answer as JSON: " +
        'bytes as a text if they are UTF-8, else as {"base64": "…"}.',
    )
    .argument("<plugin>", "name of the plugin")
    .argument("<capability>", "such as database-plugin")
    .argument("<function>", "such as execute-query")
    .argument("[args...]", "each as JSON, or all of them as one JSON array")
    .option(
      "--config <file>",
      "settings, a .json or .tsk file (default: tusk.json or tusk.tsk of this folder)",
    )
    .option("--file <wasm>", "load this file in place of the plugin's own")
    .option("--alone", "load the plugin here, even if a host runs")
    .option("--folder <dir>", "folder in which every .wasm is a plugin")
    .option("--cache-dir <dir>", "where compiled plugins are kept")
    .action(
      async (
        plugin: string,
        capability: string,
        functionName: string,
        args: string[],
        options: CallCommandOptions,
      ) => {
        const { call } = await import("../actions/call.ts");
        await call(session, { plugin, capability, functionName, args }, options);
      },
    );
  return withExamples(command, EXAMPLES);
}
