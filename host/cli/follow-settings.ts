import { isDeepStrictEqual } from "node:util";
import type { Settings } from "../config/settings.ts";
import { PluginWatcher } from "../plugin/watcher.ts";

/**
 * Has settings read again when SIGHUP asks for it and, if `watch` is set, when one of the files that they were
 * read from changes. One reading follows the other.
 *
 * @param reload Is given the settings that hold, and gives those that hold from then on. Does not throw.
 */
export async function followSettings(
  settings: Settings,
  watch: boolean,
  reload: (current: Settings) => Promise<Settings>,
): Promise<AsyncDisposable> {
  let current = settings;
  let last = Promise.resolve();
  let watcher: PluginWatcher | undefined;
  let ended = false;
  let watched: readonly string[] = [];
  const follow = async () => {
    const before = watcher;
    watched = current.sources;
    watcher = watch ? await PluginWatcher.start({ folders: [], files: current.sources }, again) : undefined;
    await before?.[Symbol.asyncDispose]();
  };
  const takeTurn = async (before: Promise<void>) => {
    await before;
    if (ended) return;
    current = await reload(current);
    if (isDeepStrictEqual(current.sources, watched)) return;
    await follow();
    // What changed before the new files were watched was not seen.
    again();
  };
  const again = () => {
    last = takeTurn(last);
  };
  await follow();
  process.on("SIGHUP", again);
  return {
    async [Symbol.asyncDispose]() {
      ended = true;
      process.off("SIGHUP", again);
      await last;
      await watcher?.[Symbol.asyncDispose]();
    },
  };
}
