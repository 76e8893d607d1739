import { formatLogLine } from "../../services/logger/format-log-line.ts";
import type { LogSink } from "../../services/logger/log-sink.ts";
import { parseCallArguments, verifyCallNames } from "../call-arguments.ts";
import { type AloneOptions, askIfRunning } from "../ask-running.ts";
import { findSettings } from "../find-settings.ts";
import { loadOne } from "../load-one.ts";
import type { Session } from "../session.ts";

export interface CallCommandOptions extends AloneOptions {
  readonly config?: string;
  readonly file?: string;
}

/** What is to be called, as it was written. */
interface CallRequest {
  readonly plugin: string;
  readonly capability: string;
  readonly functionName: string;
  readonly args: readonly string[];
}

/** Calls one function of a plugin, in the host that runs or in one made for that, and prints what it answers. */
export async function call(
  session: Session,
  request: CallRequest,
  options: CallCommandOptions,
): Promise<void> {
  const { plugin, capability, functionName } = request;
  verifyCallNames(capability, functionName);
  const args = parseCallArguments(capability, functionName, request.args);
  const running =
    options.file === undefined
      ? await askIfRunning(options.config, options, {
          command: "call",
          plugin,
          capability,
          function: functionName,
          args,
        })
      : undefined;
  session.output.document(running ? running.answer : await callAlone(session, request, args, options));
}

async function callAlone(
  { output }: Session,
  { plugin, capability, functionName }: CallRequest,
  args: readonly unknown[],
  options: CallCommandOptions,
): Promise<unknown> {
  const log: LogSink = { write: (entry) => output.note(formatLogLine(entry)) };
  const settings = await findSettings(options.config, options);
  await using host = await output.progress(`Loading ${plugin}`, loadOne(plugin, settings, log, options.file));
  const handle = host.plugin(plugin);
  return await output.progress(`Calling ${plugin}`, handle.call(capability, functionName, args));
}
