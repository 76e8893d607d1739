import type { Steered, Steering } from "../../control/host-control.ts";
import { askRunning, type HostOptions } from "../ask-running.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";

export interface SteerOptions extends HostOptions {
  /** Only of reload. */
  readonly older?: true;
  /** Only of rollback. */
  readonly to?: string;
}

const UNCHANGED: Readonly<Record<Steering, string>> = {
  reload: "its file holds what it serves",
  rollback: "nothing has changed",
  disable: "nothing has changed",
  enable: "it is not disabled",
};

/** Has the host that runs change a plugin, and tells how the plugin does then. */
export async function steer(
  { output }: Session,
  command: Steering,
  plugin: string,
  options: SteerOptions,
): Promise<void> {
  const asked = askRunning(options, requestOf(command, plugin, options));
  const steered = (await output.progress(`Waiting for ${plugin}`, asked)) as Steered;
  if (output.json) {
    output.document(steered);
    return;
  }
  const { name, state, info, generation } = steered.plugin;
  const build = info ? `, version ${plain(info.version)}, generation ${generation}` : "";
  const why = steered.changed ? "" : `, as before: ${UNCHANGED[command]}`;
  output.line(`${plain(name)} is ${state}${build}${why}`);
}

function requestOf(command: Steering, plugin: string, { older, to }: SteerOptions) {
  if (command === "reload") return { command, plugin, older };
  return command === "rollback" ? { command, plugin, to } : { command, plugin };
}
