import type { CallObserver } from "../plugin/call-observers.ts";
import type { HostEvent } from "../plugin/events.ts";
import type { PluginStatus } from "../plugin/status.ts";

/** What an admin server needs of a host. */
export interface AdminHost {
  /** How each plugin does. */
  plugins(): readonly PluginStatus[];
  /** What happens to plugins, from now on. */
  events(): AsyncIterable<HostEvent> & AsyncDisposable;
  /** Tells of each call that ends, until what it gives is disposed of. */
  onCall(observer: CallObserver): Disposable;
}
