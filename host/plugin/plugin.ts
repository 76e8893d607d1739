import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { HostError, messageOf } from "../core/error.ts";
import { move, type PluginState } from "../core/lifecycle.ts";
import { type InspectedComponent, inspectComponent } from "../component/loader.ts";
import type { StreamedRequest, StreamedResponse } from "../component/wasi-http/streamed.ts";
import type { CallOptions } from "../component/contract/exports.ts";
import type { PluginSettings } from "../config/settings.ts";
import { type CallTarget, callTarget } from "../engine/call-target.ts";
import type { EventBus } from "./events.ts";
import { Generation, type GenerationOptions } from "./generation.ts";
import { changesBetween } from "./shape-change.ts";

/** What a plugin needs of the host. */
export interface PluginContext extends Omit<GenerationOptions, "number" | "component" | "settings"> {
  readonly events: EventBus;
  /** The plugins that depend on this one, and serve or are about to. */
  readonly dependentsOf: (plugin: string) => readonly string[];
  /** Throws when a plugin that these settings need does not serve. */
  readonly verifyDependencies: (settings: PluginSettings) => void;
}

const SAVE = callTarget("state", "save");
const RESTORE = callTarget("state", "restore");

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
  readonly #context: PluginContext;
  #settings: PluginSettings;
  #state: PluginState = "stopped";
  #serving: Generation | undefined;
  #ended = false;
  #generations = 0;
  #lastRefusal: HostError | undefined;
  #loadMs: number | undefined;
  /** What changes the plugin happens one after the other. */
  #lastChange: Promise<unknown> = Promise.resolve();
  /** While state is handed over, calls wait here for whoever serves afterwards. */
  #handOver: Promise<void> | undefined;
  readonly #draining = new Set<Promise<void>>();

  constructor(settings: PluginSettings, context: PluginContext) {
    this.name = settings.name;
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

  /**
   * Takes the build that is in the plugin's file now: the first one, or one to replace what serves. Nothing
   * happens if it is what serves already, with the same settings.
   *
   * @returns Whether it was taken.
   * @throws HostError PLUGIN_NOT_SERVING after `stop`
   * @throws HostError with the reason when it could not be; what served before goes on.
   */
  take(settings: PluginSettings = this.#settings): Promise<boolean> {
    return this.#inTurn(() => {
      if (this.#ended) throw this.#notServing();
      return this.#serving ? this.#swap(this.#serving, settings) : this.#load(settings);
    });
  }

  /** Calls an exported function of the generation that serves. */
  async call(target: CallTarget, args: readonly unknown[], options?: CallOptions): Promise<unknown> {
    if (this.#handOver) await this.#handOver;
    if (!this.#serving) throw this.#notServing();
    return this.#serving.call(target, args, options);
  }

  /** Has the generation that serves answer a request as a stream. */
  async exchange(request: StreamedRequest, options?: CallOptions): Promise<StreamedResponse> {
    if (this.#handOver) await this.#handOver;
    if (!this.#serving) throw this.#notServing();
    return this.#serving.exchange(request, options);
  }

  /** Lets the calls that were accepted end, then ends the plugin for good. What goes wrong is told as an event. */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      this.#ended = true;
      if (this.#state === "stopped") return;
      this.#state = move(this.#state, "stopping");
      const serving = this.#serving;
      this.#serving = undefined;
      const error = serving && (await this.#stopGeneration(serving));
      await Promise.all(this.#draining);
      this.#state = move(this.#state, "stopped");
      this.#context.events.emit({ type: "stopped", plugin: this.name, error });
    });
  }

  async #load(settings: PluginSettings): Promise<boolean> {
    const started = performance.now();
    this.#state = move(this.#state, "loading");
    this.#context.events.emit({ type: "loading", plugin: this.name });
    try {
      this.#serving = await this.#prepare(await this.#inspect(settings), settings);
    } catch (error) {
      this.#state = move(this.#state, "failed");
      this.#lastRefusal = this.#asHostError(error);
      this.#context.events.emit({ type: "failed", plugin: this.name, error: this.#lastRefusal });
      throw error;
    }
    const durationMs = performance.now() - started;
    this.#settled(settings, durationMs);
    this.#state = move(this.#state, "serving");
    const { number: generation } = this.#serving;
    this.#context.events.emit({ type: "serving", plugin: this.name, generation, durationMs });
    return true;
  }

  async #swap(old: Generation, settings: PluginSettings): Promise<boolean> {
    const started = performance.now();
    try {
      const component = await this.#inspect(settings);
      if (component.hash === old.component.hash && isDeepStrictEqual(settings, this.#settings)) {
        this.#lastRefusal = undefined;
        return false;
      }
      const next = await this.#prepare(component, settings);
      await this.#replace(old, next);
    } catch (error) {
      this.#lastRefusal = this.#asHostError(error);
      this.#context.events.emit({ type: "refused", plugin: this.name, error: this.#lastRefusal });
      throw error;
    }
    const next = this.#serving ?? old;
    const durationMs = performance.now() - started;
    this.#settled(settings, durationMs);
    this.#context.events.emit({
      type: "swapped",
      plugin: this.name,
      generation: next.number,
      durationMs,
      changes: changesBetween(old, next),
    });
    return true;
  }

  #settled(settings: PluginSettings, loadMs: number): void {
    this.#settings = settings;
    this.#loadMs = loadMs;
    this.#lastRefusal = undefined;
  }

  async #inspect({ path }: PluginSettings): Promise<InspectedComponent> {
    try {
      return inspectComponent(await readFile(path), this.name);
    } catch (error) {
      if (HostError.is(error)) throw error;
      const details = { plugin: this.name, file: path, reason: messageOf(error) };
      throw new HostError("FILE_UNREADABLE", details, { cause: error });
    }
  }

  #prepare(component: InspectedComponent, settings: PluginSettings): Promise<Generation> {
    this.#keepsDependents(component.shape.capabilities);
    this.#context.verifyDependencies(settings);
    return Generation.start({ ...this.#context, component, settings, number: ++this.#generations });
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
    const handsOver = [old, next].every(({ component }) => component.shape.exports.includes("state"));
    if (handsOver) await this.#handStateOver(old, next);
    this.#serving = next;
    this.#drain(old);
  }

  /** Calls that come meanwhile wait; those that were accepted end first, so that nothing they do is lost. */
  async #handStateOver(old: Generation, next: Generation): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#handOver = promise;
    try {
      await old.drained();
      // What died took its state with it, and must not keep a better build from taking its place.
      if (old.traffic.instances > 0) {
        const saved = await old.call(SAVE, []);
        await next.call(RESTORE, [saved, old.info.version]);
      }
      this.#serving = next;
    } catch (error) {
      this.#drain(next);
      throw error;
    } finally {
      this.#handOver = undefined;
      resolve();
    }
  }

  #drain(old: Generation): void {
    const draining = this.#stopOld(old).finally(() => this.#draining.delete(draining));
    this.#draining.add(draining);
  }

  async #stopOld(old: Generation): Promise<void> {
    const error = await this.#stopGeneration(old);
    if (error) this.#context.events.emit({ type: "stopped", plugin: this.name, error });
  }

  /** Does not throw: it is stopped, whatever came of it. */
  async #stopGeneration(generation: Generation): Promise<HostError | undefined> {
    try {
      return await generation.stop();
    } catch (error) {
      return this.#asHostError(error);
    }
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

  /** What is no HostError is a fault of the host, and told as one. */
  #asHostError(error: unknown): HostError {
    return HostError.is(error)
      ? error
      : new HostError("HOST_FAULT", { doing: `changed plugin ${this.name}` }, { cause: error });
  }
}
