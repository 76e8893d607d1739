import { type Clock, systemClock } from "../core/clock.ts";
import { Scope } from "../core/scope.ts";
import { ComponentLoader } from "../component/loader.ts";
import { defaultWorkerSettings } from "../config/default-worker-settings.ts";
import type { PluginSettings, Settings, WorkerSettings } from "../config/settings.ts";
import { completeHistory } from "../config/complete-history.ts";
import { TrustGate } from "../security/trust/trust-gate.ts";
import type { Backends } from "../services/backends.ts";
import type { LogSink } from "../services/logger/log-sink.ts";
import type { MailTransport } from "../services/mail/mail-transport.ts";
import { createServiceHub, type ServiceHub } from "../services/service-hub.ts";
import { Workers } from "../workers/workers.ts";
import { BuildStore } from "./build-store.ts";
import type { Current } from "./provide-services.ts";

export interface FoundationOptions {
  readonly log: LogSink;
  readonly clock: Clock;
  /** Takes what plugins mail, in place of the server of the settings. */
  readonly mail: MailTransport | undefined;
  /** In place of that of the settings. */
  readonly cacheDir: string | undefined;
  /** Tells this host apart from others that share its cache folder. */
  readonly site: string;
}

/** What of a host's settings a generation stands on: where that is another, it is swapped. */
export interface StandsOn {
  readonly backends: Backends;
  /** Of those in threads of their own. */
  readonly workers: WorkerSettings | undefined;
}

/** What the plugins of a host stand on: services, compiled code, trust, threads. All of it may change while they serve. */
export class Foundation implements AsyncDisposable {
  readonly hub: ServiceHub;
  readonly loader: ComponentLoader;
  readonly trust: TrustGate;
  readonly workers: Workers;
  readonly buildStore: BuildStore;
  readonly #options: FoundationOptions;
  readonly #scope: Scope;
  #workerSettings: WorkerSettings;

  private constructor(
    options: FoundationOptions,
    settings: Settings | undefined,
    parts: Pick<Foundation, "hub" | "loader" | "trust" | "buildStore">,
    scope: Scope,
  ) {
    this.#options = options;
    this.#workerSettings = settings?.workers ?? defaultWorkerSettings();
    this.hub = parts.hub;
    this.loader = parts.loader;
    this.trust = parts.trust;
    this.buildStore = parts.buildStore;
    this.workers = new Workers(this.#workerOptions());
    this.#scope = scope;
    scope.defer(() => this.workers[Symbol.asyncDispose]());
  }

  /** @throws HostError KEY_UNREADABLE, CACHE_UNSAFE, DATABASE_SETTING */
  static async create(options: FoundationOptions, current: Current): Promise<Foundation> {
    const { log, clock, mail, site } = options;
    const { value: settings } = current;
    const cacheDir = options.cacheDir ?? settings?.cacheDir;
    const scope = new Scope();
    try {
      const hub = createServiceHub({ log, clock, mailTransport: mail, ...backendsIn(settings) });
      scope.defer(() => hub.close());
      const loader = await ComponentLoader.create(cacheDir);
      scope.defer(() => loader[Symbol.asyncDispose]());
      const trust = await TrustGate.create(settings?.trust);
      const buildStore = new BuildStore(site, () => current.value?.history ?? completeHistory());
      (await buildStore.prepare(cacheDir))();
      return new Foundation(options, settings, { hub, loader, trust, buildStore }, scope);
    } catch (error) {
      await scope.close();
      throw error;
    }
  }

  /**
   * Makes ready to be what other settings say.
   *
   * @returns What has it be so from now on. @throws HostError DATABASE_SETTING from it; nothing has changed then
   * @throws HostError KEY_UNREADABLE, CACHE_UNSAFE
   */
  async prepare(settings: Settings): Promise<() => void> {
    const useTrust = await this.trust.prepare(settings.trust);
    const cacheDir = this.#options.cacheDir ?? settings.cacheDir;
    const useCache = await this.loader.prepareCache(cacheDir);
    const useBuilds = await this.buildStore.prepare(cacheDir);
    return () => {
      this.hub.use(backendsIn(settings));
      useTrust();
      useCache();
      useBuilds();
      this.#workerSettings = settings.workers;
      this.workers.use(this.#workerOptions());
    };
  }

  /** What a plugin would stand on now. */
  under({ permissions, placement }: PluginSettings): StandsOn {
    return {
      backends: this.hub.backendsOf(permissions),
      workers: placement === "worker" ? this.#workerSettings : undefined,
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.close();
  }

  #workerOptions() {
    const { threads, heapBytes } = this.#workerSettings;
    return { threads, heapBytes, systemTime: this.#options.clock === systemClock };
  }
}

function backendsIn(settings: Settings | undefined): Backends {
  const databases = Object.entries(settings?.databases ?? { main: { url: "sqlite::memory:" } });
  return {
    databases: Object.fromEntries(databases.map(([name, { url }]) => [name, url])),
    mail: settings?.mail,
    cache: settings?.cache,
    folder: settings?.baseFolder,
  };
}
