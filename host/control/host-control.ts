import type { Host } from "../plugin/host.ts";
import type { PluginStatus } from "../plugin/status.ts";
import type { ActivityLog } from "./activity-log.ts";
import type { ControlHandler } from "./control-server.ts";
import type { ControlRequest } from "./protocol.ts";

/** What is known of a process that runs a host. */
export interface HostFacts {
  readonly pid: number;
  /** Of this package. */
  readonly version: string;
  readonly startedAtMs: number;
  /** Undefined if there is none. */
  readonly settings: string | undefined;
  readonly url: string | undefined;
  /** Undefined if nothing is. */
  readonly watching: string | undefined;
  readonly rssBytes: number;
}

/** What `status` answers. */
export interface HostStatus extends HostFacts {
  readonly plugins: readonly PluginStatus[];
}

/** What the requests that change a plugin answer: whether anything has changed, and how the plugin does. */
export interface Steered {
  readonly changed: boolean;
  readonly plugin: PluginStatus;
}

/** What can be done to a plugin of a host that runs. */
export type Steering = "reload" | "rollback" | "disable" | "enable";

/** Carries requests out on a host. */
export class HostControl implements ControlHandler {
  readonly #host: Host;
  readonly #activity: ActivityLog;
  readonly #facts: () => HostFacts;

  constructor(host: Host, activity: ActivityLog, facts: () => HostFacts) {
    this.#host = host;
    this.#activity = activity;
    this.#facts = facts;
  }

  async answer(
    request: ControlRequest,
    tell: (item: unknown) => Promise<void>,
    signal: AbortSignal,
  ): Promise<unknown> {
    switch (request.command) {
      case "status":
        return { ...this.#facts(), plugins: this.#host.plugins() } satisfies HostStatus;
      case "list":
        return this.#host.plugins();
      case "call": {
        const { plugin, capability, function: name, args } = request;
        return this.#host.plugin(plugin).call(capability, name, args, { signal });
      }
      case "logs":
        return this.#tellLogs(request, tell, signal);
      default: {
        const changed = await this.#steer(request);
        return { changed, plugin: this.#host.plugin(request.plugin).status() } satisfies Steered;
      }
    }
  }

  async #steer(request: ControlRequest & { command: Steering }): Promise<boolean> {
    const { command, plugin } = request;
    if (command === "reload") return this.#host.reload(plugin, { older: request.older });
    if (command === "enable") return this.#host.enable(plugin);
    if (command === "rollback") await this.#host.rollback(plugin, request.to);
    else await this.#host.disable(plugin);
    return true;
  }

  async #tellLogs(
    query: ControlRequest & { command: "logs" },
    tell: (item: unknown) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    // A slip of the pen would wait for ever.
    if (query.plugin !== undefined) this.#host.plugin(query.plugin);
    for await (const activity of this.#activity.read(query, signal)) await tell(activity);
  }
}
