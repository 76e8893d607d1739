import { Command } from "commander";
import { formatLogLine } from "../../services/logger/format-log-line.ts";
import type { LogSink } from "../../services/logger/log-sink.ts";
import { parseCallArguments, verifyCallNames } from "../call-arguments.ts";
import { withExamples } from "../examples.ts";
import { findSettings, type LoadOptions } from "../find-settings.ts";
import { loadOne } from "../load-one.ts";
import type { Session } from "../session.ts";

interface CallCommandOptions extends LoadOptions {
  readonly config?: string;
  readonly file?: string;
}

const EXAMPLES = [
  [`tusk call sql database-plugin execute-query '"SELECT ?1 AS n"' '[1]'`, "each argument as JSON"],
  [`tusk call sql database-plugin execute-query '["SELECT 1", []]'`, "or all of them as one array"],
  [
    `tusk call api http-plugin handle-request '{"method": "GET", "path": "/api/health"}'`,
    "a record is an object",
  ],
  [`tusk call api http-plugin register-routes --file build/api.wasm`, "a file, without settings"],
] as const;

/** `tusk call`: loads a plugin, calls one function of it, and prints what it answers. */
export function createCallCommand(session: Session): Command {
  const command = new Command("call")
    .summary("call one function of a plugin")
    .description(
      "Loads a plugin and those it depends on, calls one function by its names in WIT, and prints the answer as JSON: " +
        'bytes as a text if they are UTF-8, else as {"base64": "…"}.',
    )
    .argument("<plugin>", "name of the plugin")
    .argument("<capability>", "such as database-plugin")
    .argument("<function>", "such as execute-query")
    .argument("[args...]", "each as JSON, or all of them as one JSON array")
    .option("--config <file>", "settings: a .json or .tsk file")
    .option("--file <wasm>", "load this file in place of the plugin's own")
    .option("--folder <dir>", "folder in which every .wasm is a plugin")
    .option("--cache-dir <dir>", "where compiled plugins are kept")
    .action(
      (
        plugin: string,
        capability: string,
        functionName: string,
        args: string[],
        options: CallCommandOptions,
      ) => call(session, { plugin, capability, functionName, args }, options),
    );
  return withExamples(command, EXAMPLES);
}

interface CallRequest {
  readonly plugin: string;
  readonly capability: string;
  readonly functionName: string;
  readonly args: readonly string[];
}

async function call({ output }: Session, request: CallRequest, options: CallCommandOptions): Promise<void> {
  const { plugin, capability, functionName } = request;
  verifyCallNames(capability, functionName);
  const args = parseCallArguments(capability, functionName, request.args);
  const log: LogSink = { write: (entry) => output.note(formatLogLine(entry)) };
  const settings = await findSettings(options.config, options);
  await using host = await output.progress(`Loading ${plugin}`, loadOne(plugin, settings, log, options.file));
  const handle = host.plugin(plugin);
  const answer = await output.progress(`Calling ${plugin}`, handle.call(capability, functionName, args));
  output.document(answer);
}
