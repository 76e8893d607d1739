import type { CallObserver } from "../plugin/call-observers.ts";
import type { HostEvent } from "../plugin/events.ts";
import type { PluginStatus } from "../plugin/status.ts";

/** What an admin server needs of a host. */
export interface AdminHost {
  plugins(): readonly PluginStatus[];
  events(): AsyncIterable<HostEvent> & AsyncDisposable;
  onCall(observer: CallObserver): Disposable;
}
