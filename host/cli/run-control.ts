import type { ActivityLog } from "../control/activity-log.ts";
import { type ControlServer, createControlServer } from "../control/control-server.ts";
import { HostControl, type HostFacts } from "../control/host-control.ts";
import { HostError } from "../core/error.ts";
import { packageVersion } from "../core/package-root.ts";
import type { Host } from "../plugin/host.ts";
import { controlPlace } from "./control-place.ts";
import type { LoadOptions } from "./find-settings.ts";

/**
 * The control socket of `tusk run`. It is there before plugins are loaded, so that a second host on the same
 * settings is refused at once; who asks meanwhile waits until the host serves.
 */
export class RunControl implements AsyncDisposable {
  readonly #serving: PromiseWithResolvers<HostControl>;
  readonly #server: ControlServer;
  readonly #startedAtMs = Date.now();

  private constructor(server: ControlServer, serving: PromiseWithResolvers<HostControl>) {
    this.#server = server;
    this.#serving = serving;
  }

  /** @throws HostError CONTROL_TAKEN, CONTROL_UNUSABLE */
  static async open(config: string | undefined, options: LoadOptions): Promise<RunControl> {
    const serving = Promise.withResolvers<HostControl>();
    serving.promise.catch(() => undefined);
    const server = await createControlServer(await controlPlace(config, options), {
      answer: async (request, tell, signal) => (await serving.promise).answer(request, tell, signal),
    });
    return new RunControl(server, serving);
  }

  get address(): string {
    return this.#server.address;
  }

  /** Answers from now on. */
  serve(
    host: Host,
    activity: ActivityLog,
    facts: () => Pick<HostFacts, "settings" | "url" | "watching">,
  ): void {
    const { pid } = process;
    const version = packageVersion;
    const startedAtMs = this.#startedAtMs;
    this.#serving.resolve(
      new HostControl(host, activity, () => ({
        ...facts(),
        pid,
        version,
        startedAtMs,
        rssBytes: process.memoryUsage.rss(),
      })),
    );
  }

  /** Who still waits is told that there is no host. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { address } = this;
    this.#serving.reject(new HostError("CONTROL_LOST", { address, reason: "it did not start" }));
    await this.#server.close();
  }
}
