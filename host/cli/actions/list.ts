import { createHost } from "../../plugin/host.ts";
import { findSettings, type LoadOptions } from "../find-settings.ts";
import { printPlugins } from "../plugin-table.ts";
import type { Session } from "../session.ts";

/** Loads plugins, and tells what became of each. */
export async function list(
  session: Session,
  config: string | undefined,
  options: LoadOptions,
): Promise<void> {
  const { output } = session;
  const settings = await findSettings(config, options);
  await using host = await output.progress("Loading plugins", createHost({ settings }));
  const plugins = host.plugins();
  if (output.json) output.document(plugins);
  else if (plugins.length > 0) printPlugins(output, plugins);
  else output.line(`No plugins in ${settings.folder}.`);
  if (plugins.some(({ state }) => state !== "serving")) session.exit = "failed";
}
