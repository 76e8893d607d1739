import { isDeepStrictEqual } from "node:util";
import { ActivityLog } from "../../control/activity-log.ts";
import type { LogSettings, Settings } from "../../config/settings.ts";
import type { HostError } from "../../core/error.ts";
import { createFaultTeller, type FaultTeller } from "../../core/fault-teller.ts";
import { createHost } from "../../plugin/create-host.ts";
import type { Host } from "../../plugin/host.ts";
import { LogFile, type LogFileObserver } from "../../services/logger/log-file.ts";
import type { LogSink } from "../../services/logger/log-sink.ts";
import { followSettings } from "../follow-settings.ts";
import { findSettings, type LoadOptions } from "../find-settings.ts";
import type { Output } from "../output.ts";
import { RunControl } from "../run-control.ts";
import { RunReport } from "../run-report.ts";
import { type AddressOptions, RunServers } from "../run-servers.ts";
import type { Session } from "../session.ts";
import { EndSignal, onHangUp } from "../signals.ts";

export interface RunOptions extends LoadOptions, AddressOptions {
  readonly watch: boolean;
  readonly control: boolean;
  readonly accessLog?: true;
}

/** What is served, and who is told of it. */
interface Serving {
  readonly report: RunReport;
  readonly settings: Settings;
  /** The file of the settings, by which others find the control socket. */
  readonly config?: string | undefined;
  /** Reads the settings again, whenever they may have changed. */
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
  const read = () => findSettings(config, options);
  const settings = await read();
  const { log } = settings;
  await using file = openLogFile(log, {
    failed: (error) => output.error(error),
    recovered: (lostLines) => report.linesLost(lostLines),
  });
  const report = new RunReport(output, { everyRequest: options.accessLog ?? false, log, file });
  // Before the settings are read again for the same signal: that is the first line of the new file.
  using _ = onHangUp(() => file?.reopen());
  await serve(output, options, { report, end, config, settings, read });
}

/** Serves plugins until it is to end, and follows their settings. */
export async function serve(
  output: Output,
  options: RunOptions,
  { report, config, settings, read, end, beside }: Serving,
): Promise<void> {
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
  const fault = createFaultTeller((error: HostError) => report.fault(error));
  const telling = tellEvents(host, report, activity, fault);
  await using servers = await RunServers.open(host, settings.http, options, report);
  let holding = settings;
  const reload = async (current: Settings, asked: boolean): Promise<Settings> => {
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
  };
  const following = await followSettings(settings, options.watch, reload, fault);
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

/** @throws HostError LOG_FILE_UNUSABLE */
function openLogFile({ file }: LogSettings, observer: LogFileObserver): LogFile | undefined {
  return file === undefined ? undefined : new LogFile(file, observer);
}

async function tellEvents(
  host: Host,
  report: RunReport,
  activity: ActivityLog,
  fault: FaultTeller,
): Promise<void> {
  for await (const event of host.events()) {
    const timeMs = Date.now();
    try {
      report.happened(event, timeMs);
      activity.happened(event, timeMs);
    } catch (error) {
      fault("told what happened to a plugin", error);
    }
  }
}
