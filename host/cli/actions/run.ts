import { isDeepStrictEqual } from "node:util";
import type { Settings } from "../../config/settings.ts";
import { createHttpServer, type HttpServer } from "../../http/http-server.ts";
import { createHost, type Host } from "../../plugin/host.ts";
import { followSettings } from "../follow-settings.ts";
import { findSettings, type LoadOptions } from "../find-settings.ts";
import type { Output } from "../output.ts";
import { RunReport } from "../run-report.ts";
import type { Session } from "../session.ts";
import { EndSignal } from "../signals.ts";

export interface RunOptions extends LoadOptions {
  readonly port?: number;
  readonly host?: string;
  readonly watch: boolean;
  readonly accessLog?: true;
}

/** What is served, and who is told of it. */
export interface Serving {
  readonly report: RunReport;
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
  await serve(output, options, { report, end, read: () => findSettings(config, options) });
}

/** Serves plugins until it is to end, and follows their settings. */
export async function serve(
  output: Output,
  options: RunOptions,
  { report, read, end, beside }: Serving,
): Promise<void> {
  const settings = await read();
  await using host = await output.progress(
    "Loading plugins",
    createHost({ settings, watch: options.watch, log: report }),
  );
  const events = host.events();
  const telling = (async () => {
    for await (const event of events) report.happened(event);
  })();
  await using server = await listen(host, settings, options, report);
  const following = await followSettings(settings, options.watch, async (current, asked) => {
    try {
      const changed = await read();
      const same = isDeepStrictEqual(changed, current);
      if (!same) await host.apply(changed);
      if (!same || asked) report.settingsTaken();
      return changed;
    } catch (error) {
      report.settingsRefused(error);
      return current;
    }
  });
  report.started({
    url: server.url,
    routes: server.routes,
    plugins: host.plugins(),
    watching: options.watch ? settings.folder : undefined,
  });
  const besides = await beside?.(host);
  report.stopping(await end.received);
  await besides?.[Symbol.asyncDispose]();
  await following[Symbol.asyncDispose]();
  await server.close();
  await host.shutdown();
  await telling;
  report.stopped();
}

function listen(host: Host, settings: Settings, options: RunOptions, report: RunReport): Promise<HttpServer> {
  return createHttpServer(host, {
    host: options.host ?? settings.http.host,
    port: options.port ?? settings.http.port,
    maxBodyBytes: settings.http.maxBodyBytes,
    accessLog: (entry) => report.requested(entry),
    onRoutes: (routes) => report.routesChanged(routes),
  });
}
