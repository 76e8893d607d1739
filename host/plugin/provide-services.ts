import type { PluginSettings, Settings } from "../config/settings.ts";
import type { ServiceHub } from "../services/service-hub.ts";
import type { GenerationServices } from "./generation.ts";
import { createPeers } from "./peers.ts";
import type { Plugin } from "./plugin.ts";

/** The settings of a host, which may be replaced by others. */
export interface Current {
  value: Settings | undefined;
}

/** What the hub gives, and the plugin's peers beside it. */
export function provideServices(
  plugin: PluginSettings,
  hub: ServiceHub,
  settings: Current,
  find: (name: string) => Plugin | undefined,
): GenerationServices {
  const { name, config, permissions, logLevel } = plugin;
  const secrets = settings.value?.secrets;
  const minLogLevel = logLevel ?? settings.value?.log.level;
  const shared = hub.servicesFor({ plugin: name, config, permissions, secrets, minLogLevel });
  const peers = createPeers(plugin, find);
  return {
    forInstance() {
      const own = shared.forInstance();
      return { ...own, services: { ...own.services, peers } };
    },
    close: () => shared.close(),
  };
}
