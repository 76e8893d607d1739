import { type Clock, systemClock } from "../core/clock.ts";
import { verifyRuntime } from "../core/runtime.ts";
import { Scope } from "../core/scope.ts";
import type { Settings } from "../config/settings.ts";
import { Turnstile } from "../engine/turnstile.ts";
import type { LogSink } from "../services/logger/log-sink.ts";
import type { MailTransport } from "../services/mail/mail-transport.ts";
import { CallObservers } from "./call-observers.ts";
import { EventBus } from "./events.ts";
import { Foundation } from "./foundation.ts";
import { Host } from "./host.ts";
import { type Current, provideServices } from "./provide-services.ts";
import { Registry } from "./registry.ts";

/** How a host is made. Everything may be left out. */
export interface HostOptions {
  /** From `loadSettings` or `parseSettings`. */
  readonly settings?: Settings | undefined;
  /** Every `*.wasm` in it is a plugin, but for those whose name the settings give to another file. That of the settings by default; null is none. */
  readonly folder?: string | null | undefined;
  /** Whether plugins are swapped when their files change. Not by default. */
  readonly watch?: boolean | undefined;
  /** Where compiled plugins are kept between runs. That of the settings by default, else nowhere. */
  readonly cacheDir?: string | undefined;
  /** Who takes what plugins log. Nobody by default. */
  readonly log?: LogSink | undefined;
  /** Takes what plugins mail, in place of the server that the settings name. */
  readonly mail?: MailTransport | undefined;
  /** What time it is, and when it has passed. The system's by default. */
  readonly clock?: Clock | undefined;
}

/**
 * Makes a host, and starts the plugins of its settings and its folder.
 *
 * A plugin that does not start does not keep the others from it: `plugins()` tells what became of each.
 *
 * @throws HostError RUNTIME_UNSUPPORTED when this Node cannot suspend WebAssembly
 * @throws HostError KEY_UNREADABLE when a key of the settings cannot be used
 * @throws HostError CACHE_UNSAFE when others could write to the cache folder
 * @throws HostError when the dependencies in the settings cannot be resolved
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  verifyRuntime();
  const { settings, clock = systemClock } = options;
  const current: Current = { value: settings };
  const scope = new Scope();
  try {
    const events = new EventBus();
    scope.defer(() => events.close());
    const { log = { write: () => undefined }, mail, cacheDir } = options;
    const site = settings?.file ?? options.folder ?? settings?.folder ?? "";
    const foundation = await Foundation.create({ log, clock, mail, cacheDir, site }, current);
    scope.defer(() => foundation[Symbol.asyncDispose]());
    const observers = new CallObservers();
    const { hub, loader, trust, workers, buildStore } = foundation;
    const registry: Registry = new Registry({
      events,
      observers,
      loader,
      buildStore,
      trust,
      under: (plugin) => foundation.under(plugin),
      inspection: () => current.value?.inspection ?? { refuse: [] },
      clock,
      turnstile: new Turnstile(),
      workers,
      provideServices: (plugin) => provideServices(plugin, hub, current, (name) => registry.find(name)),
    });
    scope.defer(() => registry.stopAll());
    const { folder } = options;
    const host = new Host({
      settings: current,
      folder,
      clock,
      events,
      observers,
      registry,
      foundation,
      scope,
    });
    await host.start(options.watch ?? false);
    return host;
  } catch (error) {
    await scope.close();
    throw error;
  }
}
