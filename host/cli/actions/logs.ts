import type { Activity } from "../../control/activity-log.ts";
import { askRunning, type HostOptions } from "../ask-running.ts";
import { RunReport } from "../run-report.ts";
import type { Session } from "../session.ts";

export interface LogsOptions extends HostOptions {
  readonly follow?: boolean;
  readonly lines: number;
  readonly request?: string;
}

/** Prints what plugins of a host that runs have logged and what happened to them, as `tusk run` itself prints it. */
export async function logs(
  { output }: Session,
  plugin: string | undefined,
  { follow = false, lines, request, ...options }: LogsOptions,
): Promise<void> {
  const report = new RunReport(output);
  await askRunning(options, { command: "logs", plugin, request, lines, follow }, (item) => {
    const activity = item as Activity;
    if (activity.type === "log") report.write(activity.entry);
    else report.happened(activity.event, activity.timeMs);
  });
}
