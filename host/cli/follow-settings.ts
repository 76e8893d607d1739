import { isDeepStrictEqual } from "node:util";
import type { Settings } from "../config/settings.ts";
import type { FaultTeller } from "../core/fault-teller.ts";
import { PluginWatcher } from "../plugin/watcher.ts";
import { onHangUp } from "./signals.ts";

const FOLLOWING = "followed the files of its settings";

/**
 * Has settings read again when SIGHUP asks for it and, if `watch` is set, when one of the files that they were
 * read from changes. One reading follows the other.
 *
 * @param reload Is given the settings that hold, and whether somebody asked; it gives those that hold from then
 * on.
 * @param fault Is told what goes wrong; what was followed before still is.
 */
export async function followSettings(
  settings: Settings,
  watch: boolean,
  reload: (current: Settings, asked: boolean) => Promise<Settings>,
  fault: FaultTeller,
  startWatcher: typeof PluginWatcher.start = (...args) => PluginWatcher.start(...args),
): Promise<AsyncDisposable> {
  let current = settings;
  let last = Promise.resolve();
  let watcher: PluginWatcher | undefined;
  let ended = false;
  let watched: readonly string[] = [];
  const follow = async () => {
    const before = watcher;
    const { sources } = current;
    watcher = watch ? await startWatcher({ folders: [], files: sources }, again) : undefined;
    watched = sources;
    await before?.[Symbol.asyncDispose]();
  };
  const takeTurn = async (before: Promise<void>, asked: boolean) => {
    await before;
    if (ended) return;
    try {
      current = await reload(current, asked);
      if (isDeepStrictEqual(current.sources, watched)) return;
      await follow();
      // What changed before the new files were watched was not seen.
      again();
    } catch (error) {
      fault(FOLLOWING, error);
    }
  };
  const again = () => {
    last = takeTurn(last, false);
  };
  const asked = () => {
    last = takeTurn(last, true);
  };
  await follow().catch((error: unknown) => fault(FOLLOWING, error));
  // What changed since they were read, and before they were watched, was not seen.
  if (watch) again();
  const signal = onHangUp(asked);
  return {
    async [Symbol.asyncDispose]() {
      ended = true;
      signal[Symbol.dispose]();
      await last;
      await watcher?.[Symbol.asyncDispose]();
    },
  };
}
