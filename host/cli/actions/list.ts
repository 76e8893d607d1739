import { createHost } from "../../plugin/create-host.ts";
import type { PluginStatus } from "../../plugin/status.ts";
import { type AloneOptions, askIfRunning } from "../ask-running.ts";
import { findSettings } from "../find-settings.ts";
import { printPlugins } from "../plugin-table.ts";
import type { Session } from "../session.ts";

/** Tells how the plugins of a host that runs do; without one, loads them and tells what became of each. */
export async function list(
  session: Session,
  config: string | undefined,
  options: AloneOptions,
): Promise<void> {
  const { output } = session;
  const running = await askIfRunning(config, options, { command: "list" });
  if (running) output.note("In the host that runs; --alone loads them here.");
  const plugins = running
    ? (running.answer as readonly PluginStatus[])
    : await loadAll(session, config, options);
  if (output.json) output.document(plugins);
  else if (plugins.length > 0) printPlugins(output, plugins);
  else output.line("No plugins.");
  // One that somebody disabled is as it should be.
  if (plugins.some(({ state }) => state !== "serving" && state !== "disabled")) session.exit = "failed";
}

async function loadAll(
  { output }: Session,
  config: string | undefined,
  options: AloneOptions,
): Promise<readonly PluginStatus[]> {
  const settings = await findSettings(config, options);
  await using host = await output.progress("Loading plugins", createHost({ settings }));
  return host.plugins();
}
