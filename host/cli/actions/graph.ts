import { renderDot } from "../../config/render-dot.ts";
import { renderMermaid } from "../../config/render-mermaid.ts";
import { renderTree } from "../../config/render-tree.ts";
import { type LoadOrder, resolveLoadOrder } from "../../config/resolve-load-order.ts";
import type { Settings } from "../../config/settings.ts";
import { createHost } from "../../plugin/create-host.ts";
import type { GraphOptions } from "../commands/graph.ts";
import { findSettings } from "../find-settings.ts";
import type { Session } from "../session.ts";

/** Prints the order in which plugins start. */
export async function graph(
  session: Session,
  config: string | undefined,
  options: GraphOptions,
): Promise<void> {
  const { output } = session;
  const settings = await findSettings(config, options);
  const loadOrder = resolveLoadOrder(settings.plugins);
  if (output.json) {
    const { order, stages } = loadOrder;
    const dependencies = Object.fromEntries(loadOrder.dependencies);
    output.document({ order, stages, dependencies });
  } else if (loadOrder.order.length === 0) output.line("The settings name no plugins.");
  else output.line((await render(session, settings, loadOrder, options)).trimEnd());
}

async function render(
  session: Session,
  settings: Settings,
  loadOrder: LoadOrder,
  { format }: GraphOptions,
): Promise<string> {
  if (format === "dot") return renderDot(loadOrder);
  if (format === "mermaid") return renderMermaid(loadOrder);
  return renderTree(loadOrder, await startTimes(session, settings));
}

/** How long each plugin took to start, in milliseconds. One that did not start has no time, and fails the command. */
async function startTimes(session: Session, settings: Settings): Promise<Map<string, number>> {
  const { output } = session;
  await using host = await output.progress("Loading plugins", createHost({ settings, folder: null }));
  const times = new Map<string, number>();
  for (const { name, loadMs, problem } of host.plugins()) {
    if (loadMs !== undefined) times.set(name, loadMs);
    if (problem) {
      output.line(`${name} does not start: ${problem.code}: ${problem.message}`);
      session.exit = "failed";
    }
  }
  return times;
}
