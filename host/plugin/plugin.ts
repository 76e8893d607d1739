import { isDeepStrictEqual } from "node:util";
import { HostError } from "../core/error.ts";
import { move, type PluginState } from "../core/lifecycle.ts";
import type { StreamRequestInit, StreamResponse } from "../component/contract/data.ts";
import type { StreamedRequest, StreamedResponse } from "../component/wasi-http/streamed.ts";
import type { CallOptions } from "../component/contract/exports.ts";
import type { PluginSettings } from "../config/settings.ts";
import type { Sidecars } from "../security/trust/find-signers.ts";
import type { Admission, TrustVerdict } from "../security/trust/trust-gate.ts";
import type { CallTarget } from "../engine/call-target.ts";
import { admitBuild, type AdmittedBuild, type BuildGates, type TakeOptions } from "./admit-build.ts";
import { asFault } from "./as-fault.ts";
import { BuildHistory } from "./build-history.ts";
import type { BuildStore, FoundBuild } from "./build-store.ts";
import { Drains } from "./drains.ts";
import type { EventBus } from "./events.ts";
import { Generation, type GenerationOptions } from "./generation.ts";
import { HandOver } from "./hand-over.ts";
import { TrustStanding } from "./trust-standing.ts";
import { changesBetween } from "./shape-change.ts";

/** What a plugin needs of the host. */
export interface PluginContext
  extends
    BuildGates,
    Omit<GenerationOptions, "number" | "component" | "settings" | "confirmInfo" | "onHealth"> {
  readonly events: EventBus;
  /** Where builds are kept that have served. */
  readonly buildStore: BuildStore;
  /** The plugins that depend on this one, and serve or are about to. */
  readonly dependentsOf: (plugin: string) => readonly string[];
  /** Throws when a plugin that these settings need does not serve. */
  readonly verifyDependencies: (settings: PluginSettings) => void;
}

/**
 * A plugin over all its generations: at any time at most one serves, and at most one other is being made
 * ready to take its place.
 *
 * 1. A call is answered by the generation that accepted it.
 * 2. The serving generation serves until the next one is ready; then the pointer moves; then the old one ends
 *    its calls, shuts down and is freed.
 * 3. A build that is not taken changes nothing but `lastRefusal`.
 */
export class Plugin {
  readonly name: string;
  readonly builds: BuildHistory;
  readonly #context: PluginContext;
  #settings: PluginSettings;
  #state: PluginState = "stopped";
  #serving: Generation | undefined;
  #ended = false;
  #generations = 0;
  #lastRefusal: HostError | undefined;
  #loadMs: number | undefined;
  readonly #standing = new TrustStanding();
  /** What changes the plugin happens one after the other. */
  #lastChange: Promise<unknown> = Promise.resolve();
  readonly #handOver: HandOver;
  readonly #drains: Drains;

  constructor(settings: PluginSettings, context: PluginContext) {
    this.name = settings.name;
    this.#handOver = new HandOver(settings.name);
    this.#drains = new Drains(settings.name, context.events);
    this.builds = new BuildHistory(settings.name, context.buildStore, () => context.clock.now());
    this.#settings = settings;
    this.#context = context;
  }

  get state(): PluginState {
    return this.#state;
  }

  get settings(): PluginSettings {
    return this.#settings;
  }

  /** The generation that takes calls now. */
  get serving(): Generation | undefined {
    return this.#serving;
  }

  /** Why the newest build was not taken, if it was not. */
  get lastRefusal(): HostError | undefined {
    return this.#lastRefusal;
  }

  /** Milliseconds that the last build which was taken took to serve. */
  get loadMs(): number | undefined {
    return this.#loadMs;
  }

  /** SHA-256 of the build that serves. */
  get hash(): string | undefined {
    return this.#serving?.component.hash;
  }

  /** Why the build that serves is trusted, or that it is not. */
  get verdict(): TrustVerdict | undefined {
    return this.#serving && this.#standing.verdict;
  }

  /** What would have refused the build that serves if its trust were "require". */
  get warnings(): readonly HostError[] {
    return this.#serving ? this.#standing.warnings : [];
  }

  /**
   * Takes the build that is in the plugin's file now: the first one, or one to replace what serves. Nothing
   * happens if it is what serves already, with the same settings. What a rollback passes over is taken only if
   * somebody asks ("reload").
   *
   * @returns Whether it was taken.
   * @throws HostError PLUGIN_NOT_SERVING after `stop`, and while it is disabled
   * @throws HostError with the reason when it could not be; what served before goes on.
   */
  take(settings: PluginSettings = this.#settings, options: TakeOptions = {}): Promise<boolean> {
    return this.#inTurn(() => {
      if (this.#ended) throw this.#notServing();
      if (this.#state === "disabled") {
        this.#settings = settings;
        throw this.#notServing();
      }
      const find = () => this.builds.newest(settings, options.cause);
      if (!this.#serving) return this.#load(settings, options, find);
      return this.#swap(this.#serving, settings, options, find);
    });
  }

  /**
   * Brings back a build that has served before, with the settings that hold now: it is swapped like any other, or
   * started if the plugin has failed. What the file holds is then not taken until it changes, or a reload is asked for.
   *
   * @param to The version of a build, or the beginning of its hash; the one that served last if nothing is said.
   * @throws HostError PLUGIN_NOT_SERVING while it is disabled, ROLLBACK_IMPOSSIBLE, ROLLBACK_UNKNOWN, BUILD_DAMAGED
   * @throws HostError with the reason when it could not be taken; what served before goes on.
   */
  rollback(to?: string): Promise<void> {
    return this.#inTurn(async () => {
      const { serving } = this;
      if (!serving && this.#state !== "failed") throw this.#notServing();
      const settings = this.#settings;
      const options = { cause: "rollback", older: true } as const;
      await this.builds.rollBack(settings, to, (build) => {
        const find = () => Promise.resolve(build);
        return serving ? this.#swap(serving, settings, options, find) : this.#load(settings, options, find);
      });
    });
  }

  /** Ends the plugin as `stop` does, until it is enabled. @throws HostError PLUGIN_NOT_SERVING after `stop` */
  disable(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#ended) throw this.#notServing();
      await this.#end("disabled");
    });
  }

  /** Starts the plugin again if it is disabled. @returns Whether it was. @throws HostError when it does not start */
  enable(): Promise<boolean> {
    return this.#inTurn(
      async () =>
        this.#state === "disabled" &&
        this.#load(this.#settings, {}, () => this.builds.newest(this.#settings)),
    );
  }

  /** Calls an exported function of the generation that serves. */
  async call(target: CallTarget, args: readonly unknown[], options?: CallOptions): Promise<unknown> {
    const limits = this.#serving?.limits(options ?? {});
    if (limits && this.#handOver.underWay) await this.#handOver.wait(limits);
    if (!this.#serving) throw this.#notServing();
    return await this.#serving.call(target, args, options, limits);
  }

  /** Has the generation that serves answer a request as a stream. */
  async exchange(request: StreamedRequest, options?: CallOptions): Promise<StreamedResponse> {
    const limits = this.#serving?.limits(options ?? {});
    if (limits && this.#handOver.underWay) await this.#handOver.wait(limits);
    if (!this.#serving) throw this.#notServing();
    return this.#serving.exchange(request, options, limits);
  }

  /** Has the generation that serves answer a request whose bodies are streams. */
  async stream(request: StreamRequestInit, options?: CallOptions): Promise<StreamResponse> {
    const limits = this.#serving?.limits(options ?? {});
    if (limits && this.#handOver.underWay) await this.#handOver.wait(limits);
    if (!this.#serving) throw this.#notServing();
    return this.#serving.stream(request, options, limits);
  }

  /**
   * Lets the calls that were accepted end, then ends the plugin for good. What goes wrong is told as an event.
   *
   * @param forget Called before that.
   */
  stop(forget = () => {}): Promise<void> {
    return this.#inTurn(async () => {
      this.#ended = true;
      await this.#end("stopped", forget);
    });
  }

  /**
   * Ends the build that serves if it has been revoked since it was let in: its calls end first.
   *
   * @throws HostError REVOCATIONS_UNREADABLE when nobody knows
   */
  endIfRevoked(): Promise<void> {
    return this.#inTurn(async () => {
      const { serving, name: plugin } = this;
      const sidecars = this.builds.current?.sidecars;
      if (!serving || !sidecars) return;
      const { bytes } = serving.component;
      const error = await this.#context.trust.revocationOf({ bytes, sidecars, settings: this.#settings });
      if (!error) return;
      this.#state = move(this.#state, "stopping");
      this.#serving = undefined;
      this.#drains.add(serving);
      await this.#drains.done();
      this.#state = move(this.#state, "failed");
      this.#lastRefusal = error;
      this.#context.events.emit({ type: "failed", plugin, error });
    });
  }

  async #end(to: "stopped" | "disabled", forget = () => {}): Promise<void> {
    const idle = this.#state === "stopped" || this.#state === "disabled";
    if (this.#state !== to) this.#state = move(this.#state, idle ? to : "stopping");
    if (idle) return forget();
    const serving = this.#serving;
    this.#serving = undefined;
    const error = serving && (await this.#drains.stop(serving));
    await this.#drains.done();
    this.#state = move(this.#state, to);
    this.#lastRefusal = undefined;
    forget();
    this.#context.events.emit({ type: "stopped", plugin: this.name, error });
  }

  async #load(
    settings: PluginSettings,
    options: TakeOptions,
    find: () => Promise<FoundBuild>,
  ): Promise<boolean> {
    const started = performance.now();
    this.#state = move(this.#state, "loading");
    this.#context.events.emit({ type: "loading", plugin: this.name });
    let admitted: AdmittedBuild;
    try {
      admitted = await admitBuild(await find(), settings, options, this.#context);
      this.#serving = await this.#prepare(admitted, settings);
    } catch (error) {
      this.#state = move(this.#state, "failed");
      this.#lastRefusal = asFault(this.name, error);
      this.#context.events.emit({ type: "failed", plugin: this.name, error: this.#lastRefusal });
      throw error;
    }
    const durationMs = performance.now() - started;
    this.#settled(this.#serving, durationMs);
    this.#state = move(this.#state, "serving");
    const { number: generation } = this.#serving;
    this.#context.events.emit({ type: "serving", plugin: this.name, generation, durationMs });
    await Promise.all([
      this.#remember(this.#serving, admitted.sidecars),
      this.#trusted(admitted.admission, this.#serving),
    ]);
    return true;
  }

  async #swap(
    old: Generation,
    settings: PluginSettings,
    options: TakeOptions,
    find: () => Promise<FoundBuild>,
  ): Promise<boolean> {
    const started = performance.now();
    let admitted: AdmittedBuild;
    try {
      admitted = await admitBuild(await find(), settings, options, this.#context);
      const { component } = admitted;
      if (component.hash === old.component.hash && this.#isAsItWas(old, settings)) {
        await this.#keep(old, admitted);
        return false;
      }
      const next = await this.#prepare(admitted, settings);
      await this.#replace(old, next);
    } catch (error) {
      this.#lastRefusal = asFault(this.name, error);
      this.#context.events.emit({ type: "refused", plugin: this.name, error: this.#lastRefusal });
      throw error;
    }
    const next = this.#serving ?? old;
    const durationMs = performance.now() - started;
    this.#settled(next, durationMs);
    this.#context.events.emit({
      type: "swapped",
      plugin: this.name,
      cause: options.cause ?? "change",
      generation: next.number,
      durationMs,
      changes: changesBetween(old, next),
    });
    await Promise.all([this.#remember(next, admitted.sidecars), this.#trusted(admitted.admission, next)]);
    return true;
  }

  /** The build that serves is still the one to serve: only why it is trusted may be another reason. */
  async #keep(serving: Generation, { admission, sidecars }: AdmittedBuild): Promise<void> {
    await admission.confirm(serving.info);
    this.#lastRefusal = undefined;
    await Promise.all([this.#remember(serving, sidecars), this.#trusted(admission, serving)]);
  }

  #isAsItWas({ standsOn }: Generation, settings: PluginSettings): boolean {
    const { under } = this.#context;
    return isDeepStrictEqual(settings, this.#settings) && isDeepStrictEqual(under(settings), standsOn);
  }

  #settled({ settings }: Generation, loadMs: number): void {
    this.#settings = settings;
    this.#loadMs = loadMs;
    this.#lastRefusal = undefined;
  }

  /** Without what is kept there is no rollback, and nothing else is amiss. */
  async #remember({ component, info }: Generation, sidecars: Sidecars): Promise<void> {
    try {
      await this.builds.took({ component, sidecars, version: info.version });
    } catch (error) {
      this.#context.events.emit({ type: "warned", plugin: this.name, error: asFault(this.name, error) });
    }
  }

  /** Tells why what serves now is not trusted, where that is news. */
  async #trusted(admission: Admission, { info }: Generation): Promise<void> {
    for (const error of await this.#standing.take(admission, info))
      this.#context.events.emit({ type: "warned", plugin: this.name, error });
  }

  #prepare({ component, admission }: AdmittedBuild, settings: PluginSettings): Promise<Generation> {
    this.#keepsDependents(component.shape.capabilities);
    this.#context.verifyDependencies(settings);
    return Generation.start({
      ...this.#context,
      component,
      settings,
      number: ++this.#generations,
      confirmInfo: (info) => admission.confirm(info),
      onHealth: (error) => this.#healthChanged(error),
    });
  }

  #healthChanged(error: HostError | undefined): void {
    const { name: plugin } = this;
    this.#context.events.emit(error ? { type: "unhealthy", plugin, error } : { type: "healthy", plugin });
  }

  /** A capability that others depend on must not disappear. */
  #keepsDependents(capabilities: readonly string[]): void {
    const dependents = this.#context.dependentsOf(this.name);
    const lost =
      this.#serving?.component.shape.capabilities.filter((name) => !capabilities.includes(name)) ?? [];
    if (dependents.length === 0 || lost.length === 0) return;
    throw new HostError("SWAP_BREAKS_DEPENDENT", { plugin: this.name, lost, dependents });
  }

  async #replace(old: Generation, next: Generation): Promise<void> {
    const serve = () => (this.#serving = next);
    try {
      if (HandOver.concerns(old, next)) await this.#handOver.run(old, next, serve);
      else serve();
    } catch (error) {
      this.#drains.add(next);
      throw error;
    }
    this.#drains.add(old);
  }

  #notServing(): HostError {
    const { name: plugin, state } = this;
    return new HostError("PLUGIN_NOT_SERVING", { plugin, state, reason: this.#lastRefusal?.message ?? "" });
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(change);
    this.#lastChange = result.catch(() => undefined);
    return result;
  }
}
