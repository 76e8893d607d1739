import { defaultSettings } from "./default-settings.ts";
import type { ReloadActions } from "./hot-reload.ts";
import { isSettled, listedAt } from "./listed.ts";
import type { Plugin } from "./plugin.ts";
import type { Current } from "./provide-services.ts";
import type { Registry } from "./registry.ts";
import { startWaiting } from "./start.ts";

/** What becomes of plugins whose files change. What is not taken is told as an event, and otherwise changes nothing. */
export function reloadActions(registry: Registry, settings: Current): ReloadActions {
  const owners = (file: string): Plugin[] => [...registry].filter((plugin) => plugin.settings.path === file);
  return {
    async changed(file) {
      const listed = listedAt(file, settings);
      const concerned = owners(file);
      if (concerned.length === 0) {
        if (listed ? !listed.enabled : isSettled(file, settings)) return;
        concerned.push(registry.register(listed ?? defaultSettings(file)));
      }
      await Promise.allSettled(concerned.map((plugin) => plugin.take()));
      await startWaiting(registry);
    },
    async gone(file) {
      for (const plugin of owners(file)) {
        // What settings name goes on serving from memory, and says why it cannot be read.
        if (listedAt(file, settings)) await Promise.allSettled([plugin.take()]);
        else await registry.end(plugin);
      }
    },
  };
}
