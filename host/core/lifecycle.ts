/** The states of a plugin. "disabled": somebody stopped it, and it waits to be enabled. */
export type PluginState = "loading" | "serving" | "failed" | "stopping" | "stopped" | "disabled";

/** From which state a plugin may come into which. A swap happens within "serving". */
const MOVES: Readonly<Record<PluginState, readonly PluginState[]>> = {
  loading: ["serving", "failed", "stopping"],
  serving: ["stopping"],
  failed: ["loading", "stopping"],
  stopping: ["stopped", "disabled", "failed"],
  stopped: ["loading", "disabled"],
  disabled: ["loading", "stopped"],
};

/** @throws Error when the move is not in the table: a fault of the host. */
export function move(from: PluginState, to: PluginState): PluginState {
  if (!MOVES[from].includes(to)) throw new Error(`A plugin that is ${from} cannot become ${to}.`);
  return to;
}
