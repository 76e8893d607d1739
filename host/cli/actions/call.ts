import { formatLogLine } from "../../services/logger/format-log-line.ts";
import type { LogSink } from "../../services/logger/log-sink.ts";
import { parseCallArguments, verifyCallNames } from "../call-arguments.ts";
import { findSettings, type LoadOptions } from "../find-settings.ts";
import { loadOne } from "../load-one.ts";
import type { Session } from "../session.ts";

export interface CallCommandOptions extends LoadOptions {
  readonly config?: string;
  readonly file?: string;
}

/** What is to be called, as it was written. */
export interface CallRequest {
  readonly plugin: string;
  readonly capability: string;
  readonly functionName: string;
  readonly args: readonly string[];
}

/** Loads a plugin, calls one function of it, and prints what it answers. */
export async function call(
  { output }: Session,
  request: CallRequest,
  options: CallCommandOptions,
): Promise<void> {
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
