import { isDeepStrictEqual } from "node:util";
import { ActivityLog } from "../../control/activity-log.ts";
import type { Settings } from "../../config/settings.ts";
import { createHost } from "../../plugin/create-host.ts";
import type { Host } from "../../plugin/host.ts";
import type { LogSink } from "../../services/logger/log-sink.ts";
import { followSettings } from "../follow-settings.ts";
import { findSettings, type LoadOptions } from "../find-settings.ts";
import type { Output } from "../output.ts";
import { RunControl } from "../run-control.ts";
import { RunReport } from "../run-report.ts";
import { type AddressOptions, RunServers } from "../run-servers.ts";
import type { Session } from "../session.ts";
import { EndSignal } from "../signals.ts";

export interface RunOptions extends LoadOptions, AddressOptions {
  readonly watch: boolean;
  readonly control: boolean;
  readonly accessLog?: true;
}

/** What is served, and who is told of it. */
export interface Serving {
  readonly report: RunReport;
  /** The file of the settings, by which others find the control socket. */
  readonly config?: string | undefined;
  /** Reads the settings: at first, and whenever they may have changed. */
  readonly read: () => Promise<Settings>;
  /** When it is to end. */
  readonly end: EndSignal;
  /** Begins what goes on beside it, once it serves. */
  readonly beside?: (host: Host) => Promise<AsyncDisposable>;
}

/** Serves plugins until the process is told to end. */
export async function run(
  { output }: Session,
  config: string | undefined,
  options: RunOptions,
): Promise<void> {
  using end = new EndSignal();
  const report = new RunReport(output, options.accessLog ?? false);
  await serve(output, options, { report, end, config, read: () => findSettings(config, options) });
}

/** Serves plugins until it is to end, and follows their settings. */
export async function serve(
  output: Output,
  options: RunOptions,
  { report, config, read, end, beside }: Serving,
): Promise<void> {
  const settings = await read();
  await using control = options.control ? await RunControl.open(config, options) : undefined;
  // Ended before the control is, which waits for those who follow it.
  using activity = new ActivityLog();
  const log: LogSink = {
    write(entry) {
      report.write(entry);
      activity.write(entry);
    },
  };
  await using host = await output.progress(
    "Loading plugins",
    createHost({ settings, watch: options.watch, log }),
  );
  const telling = tellEvents(host, report, activity);
  await using servers = await RunServers.open(host, settings.http, options, report);
  let holding = settings;
  const following = await followSettings(settings, options.watch, async (current, asked) => {
    try {
      const changed = await read();
      // Whoever asks may have changed what settings only point to: keys, or the lock file.
      if (!asked && isDeepStrictEqual(changed, current)) return current;
      await servers.follow(changed.http, () => host.apply(changed));
      report.settingsTaken();
      holding = changed;
      return changed;
    } catch (error) {
      report.settingsRefused(error);
      return current;
    }
  });
  const watching = () => (options.watch ? holding.folder : undefined);
  control?.serve(host, activity, () => ({ settings: settings.file, url: servers.url, watching: watching() }));
  report.started({
    url: servers.url,
    adminUrl: servers.adminUrl,
    control: control?.address,
    routes: servers.routes,
    plugins: host.plugins(),
    watching: watching(),
  });
  const besides = await beside?.(host);
  report.stopping(await end.received);
  await besides?.[Symbol.asyncDispose]();
  await following[Symbol.asyncDispose]();
  await servers.closeHttp();
  await host.shutdown();
  await servers[Symbol.asyncDispose]();
  await telling;
  report.stopped();
}

async function tellEvents(host: Host, report: RunReport, activity: ActivityLog): Promise<void> {
  for await (const event of host.events()) {
    const timeMs = Date.now();
    report.happened(event, timeMs);
    activity.happened(event, timeMs);
  }
}
