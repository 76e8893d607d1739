import { Command, InvalidArgumentError } from "commander";
import type { Settings } from "../../config/settings.ts";
import { createHttpServer, type HttpServer } from "../../http/http-server.ts";
import { createHost, type Host } from "../../plugin/host.ts";
import { withExamples } from "../examples.ts";
import { findSettings, type LoadOptions } from "../find-settings.ts";
import { RunReport } from "../run-report.ts";
import type { Session } from "../session.ts";
import { EndSignal } from "../signals.ts";

interface RunOptions extends LoadOptions {
  readonly port?: number;
  readonly host?: string;
  readonly watch: boolean;
  readonly accessLog?: true;
}

const EXAMPLES = [
  ["tusk run", "tusk.json or tusk.tsk in this folder, else every plugin in plugins/"],
  ["tusk run site.tsk --port 3000", "other settings, another port"],
  ["tusk run --folder build --no-watch", "every plugin in build/, as they are now"],
  ["tusk run --json | jq 'select(.event == \"swapped\")'", "one JSON object a line"],
] as const;

/** `tusk run`: serves plugins until it is told to end. */
export function createRunCommand(session: Session): Command {
  const command = new Command("run")
    .summary("load plugins, serve HTTP, and swap plugins when their files change")
    .description("Loads plugins, serves their routes, and swaps a plugin when its file changes.")
    .argument("[config]", "settings: a .json or .tsk file")
    .option("--port <n>", "port to listen on; 0 is any free one", parsePort)
    .option("--host <address>", "address to listen on")
    .option("--folder <dir>", "folder in which every .wasm is a plugin")
    .option("--cache-dir <dir>", "where compiled plugins are kept")
    .option("--no-watch", "leave plugins alone when their files change")
    .option("--access-log", "tell every request, not only those that failed")
    .action((config: string | undefined, options: RunOptions) => run(session, config, options));
  return withExamples(command, EXAMPLES);
}

async function run({ output }: Session, config: string | undefined, options: RunOptions): Promise<void> {
  using end = new EndSignal();
  const report = new RunReport(output, options.accessLog ?? false);
  const settings = await findSettings(config, options);
  await using host = await output.progress(
    "Loading plugins",
    createHost({ settings, watch: options.watch, log: report }),
  );
  const events = host.events();
  const telling = (async () => {
    for await (const event of events) report.happened(event);
  })();
  await using server = await listen(host, settings, options, report);
  report.started({
    url: server.url,
    routes: server.routes,
    plugins: host.plugins(),
    watching: options.watch ? settings.folder : undefined,
  });
  report.stopping(await end.received);
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

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a number from 0 to 65535.");
}
