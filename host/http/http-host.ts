import type { HostEvent } from "../plugin/events.ts";
import type { PluginHandle } from "../plugin/plugin-handle.ts";
import type { PluginStatus } from "../plugin/status.ts";

/** A plugin that may answer requests. */
export type HttpPluginStatus = Pick<
  PluginStatus,
  "name" | "capabilities" | "routes" | "streamRoutes" | "mount" | "streams"
>;

/** What a server needs of a host. */
export interface HttpHost {
  /** In the order in which they were loaded. */
  plugins(): readonly HttpPluginStatus[];
  /** What of a plugin answers requests. */
  plugin(name: string): Pick<PluginHandle, "http" | "httpStream" | "middleware" | "exchange" | "auth">;
  /** What happens to plugins, from now on. */
  events(): AsyncIterable<HostEvent> & AsyncDisposable;
}
