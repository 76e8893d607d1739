import { join, resolve } from "node:path";
import { defaultPluginSettings } from "../../config/default-plugin-settings.ts";
import { parseSettings } from "../../config/parse-settings.ts";
import type { Settings } from "../../config/settings.ts";
import type { Host } from "../../plugin/host.ts";
import { trialSettings } from "../author-plugin.ts";
import { DevLoop } from "../dev-loop.ts";
import { DevReport } from "../dev-report.ts";
import { PinnedOutput } from "../pinned-output.ts";
import type { Session } from "../session.ts";
import { EndSignal } from "../signals.ts";
import { serve } from "./run.ts";

export interface DevOptions {
  readonly config?: string;
  readonly port?: number;
  readonly host?: string;
  readonly release?: true;
  readonly test: boolean;
}

/** How often is told what goes on although nothing has happened. */
const TICK_MS = 1_000;

/** Serves a plugin while it is written: each change is built, served and tested. */
export async function dev(session: Session, dir: string, options: DevOptions): Promise<void> {
  using end = new EndSignal();
  const output = new PinnedOutput(session.output.json);
  let host: Host | undefined;
  let name = "";
  const report = new DevReport(output, () => host?.plugins().find((plugin) => plugin.name === name));
  const settingsOf = async (plugin: string) =>
    (await trialSettings(plugin, dir, options.config)) ??
    parseSettings({ plugins: {} }, { env: process.env, baseFolder: resolve(dir) });
  using _ = setInterval(() => report.tick(), TICK_MS).unref();
  await using loop = await DevLoop.start({
    dir,
    // Where nobody takes it for what is to be published.
    build: { release: options.release ?? false, outFolder: join(dir, ".tusk", "dev") },
    report,
    configOf: async (plugin) => (await settingsOf(plugin)).file,
    tests: options.test,
  });
  const first = await Promise.race([loop.firstBuild, end.received]);
  if (typeof first === "string") return;
  ({ name } = first);
  const read = async () => withPlugin(await settingsOf(name), name, first.file);
  await serve(
    output,
    { ...options, watch: true, control: false },
    {
      report,
      end,
      settings: await read(),
      read,
      beside: (serving) => {
        host = serving;
        loop.serve(serving);
        return Promise.resolve(loop);
      },
    },
  );
}

/** Settings in which the plugin is the one that was just built, whatever else they say of it. */
function withPlugin(settings: Settings, name: string, file: string): Settings {
  const own = settings.plugins[name] ?? defaultPluginSettings(settings, name);
  // Nobody signs what is built at each save.
  const plugin = { ...own, path: resolve(file), enabled: true, trust: "off" } as const;
  return { ...settings, plugins: { ...settings.plugins, [name]: plugin } };
}
