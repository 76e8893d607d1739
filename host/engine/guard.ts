import { AsyncLocalStorage } from "node:async_hooks";
import { HostError } from "../core/error.ts";
import type { WebAssemblyView } from "../component/bindings.ts";
import { HOOK_SLOT, INSTRUMENT_EXPORT } from "../wasm/hooks.ts";
import { type CallChain, runInCall } from "./call-chain.ts";
import { createHook, NEXT, type Next } from "./hook.ts";
import type { MemoryMeter } from "./memory-meter.ts";
import type { Turnstile } from "./turnstile.ts";

/**
 * How much fuel a plugin gets between two looks at the clock. How long that lasts depends on what it does: 30 µs
 * of arithmetic may be 100 ms of cache misses. So the amount follows the time that the last one took.
 */
const FUEL = { first: 200_000n, least: 10_000n, most: 10_000_000n } as const;
const FUEL_LASTS_MS = 0.25;

/** How long a plugin may run before the event loop turns. */
const SLICE_MS = 1;

/**
 * How long a plugin may run where it cannot be suspended: while it allocates for the host, while it is
 * instantiated.
 */
const STRETCH_MS = { calling: 200, starting: 1_000 } as const;

/** Compilers make a handful. */
const MAX_CORE_INSTANCES = 100;

/** The limits of one call. */
export interface CallLimits {
  /** When it has to be answered, by `performance.now()`. */
  readonly deadline: number;
  /** How long it was given, waiting included: what messages say. */
  readonly timeoutMs: number;
  /** The plugin whose time that is, if it is what is left of a call around this one. */
  readonly limitOf?: string | undefined;
  /** How long its own code may run. */
  readonly cpuMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Of the request that it serves, by way of whatever calls: it stands in what the plugin logs meanwhile. */
  readonly requestId?: string | undefined;
  /** The call that they are of, where others may come of it. */
  readonly chain?: CallChain | undefined;
}

/**
 * Holds one instance to its limits: knows when its code runs and when it waits, stops it when its time is
 * up, lets the event loop turn in between.
 *
 * A plugin runs on fuel. When a slice of it is used up, the rewritten code calls the hook, which asks
 * `#outOfFuel` what is next. Suspending is legal only while no JavaScript lies between the call's entry and
 * the hook; `#suspendable` says so, and is false in every import, allocation and start function.
 *
 * Once there is a verdict the instance never runs again: its fuel stays below zero, so that whatever the
 * plugin catches, the next function it enters or loop it turns traps.
 */
export class Guard {
  readonly #plugin: string;
  readonly #turnstile: Turnstile;
  readonly #meter: MemoryMeter;
  readonly #fuels: WebAssembly.Global<bigint>[] = [];
  readonly #memories = new WeakSet<WebAssembly.Memory>();
  readonly #guestFunctions = new WeakSet<object>();
  readonly #hook: { fuel: unknown; grow: unknown };

  #call: CallLimits | undefined;
  #deadline = Infinity;
  #timer: NodeJS.Timeout | undefined;
  /**
   * Runs a function as part of the call, once it was suspended: what it belongs to is not known to WebAssembly
   * that goes on.
   */
  #inCall: ReturnType<typeof AsyncLocalStorage.snapshot> | undefined;
  #onVerdict: ((verdict: HostError) => void) | undefined;
  #verdict: HostError | undefined;

  #suspendable = false;
  #runningSince: number | undefined;
  #cpuMs = 0;
  #sliceEnd = 0;
  /** The turn of the event loop in which the slice began. */
  #sliceTurn = -1;
  #stretchSince: number | undefined;
  #stretchMs: number = STRETCH_MS.starting;
  #slice: bigint = FUEL.first;
  #refilledAt = 0;
  #fuelGranted = 0n;
  #growthRefused = false;
  #coreInstances = 0;

  constructor(plugin: string, turnstile: Turnstile, meter: MemoryMeter) {
    this.#plugin = plugin;
    this.#turnstile = turnstile;
    this.#meter = meter;
    this.#hook = createHook({
      outOfFuel: () => this.#outOfFuel(),
      yieldTurn: () => this.#yieldTurn(),
      mayGrow: (deltaPages) => this.#mayGrow(deltaPages),
    });
  }

  /** Why the instance may not run any more, once that is so. */
  get verdict(): HostError | undefined {
    return this.#verdict;
  }

  /** Whether a memory was refused to grow since the call began. */
  get growthRefused(): boolean {
    return this.#growthRefused;
  }

  /** Fuel used in all calls so far. */
  get fuelUsed(): bigint {
    let used = this.#fuelGranted;
    for (const fuel of this.#fuels) used -= fuel.value;
    return used;
  }

  /** What the bindings of this instance see in place of `WebAssembly`. */
  view(): WebAssemblyView {
    const suspending = (start: (...args: never[]) => unknown) =>
      new WebAssembly.Suspending(this.#waiting(start));
    return {
      RuntimeError: WebAssembly.RuntimeError,
      SuspendError: WebAssembly.SuspendError,
      Global: WebAssembly.Global,
      promising: (exported: (...args: unknown[]) => unknown) => this.#promising(exported),
      Suspending: new Proxy(WebAssembly.Suspending, {
        construct: (_, [start]: [(...args: never[]) => unknown]) => suspending(start),
      }),
    };
  }

  /** Makes a core instance whose limits are armed before anything of it runs. */
  instantiateCore(
    module: WebAssembly.Module,
    imports?: WebAssembly.Imports,
    made?: (exports: WebAssembly.Exports) => void,
  ): WebAssembly.Instance {
    this.#coreInstances++;
    if (this.#coreInstances > MAX_CORE_INSTANCES) {
      const details = { file: this.#plugin, what: "core instances", wanted: this.#coreInstances };
      throw new HostError("BINARY_OVER_LIMIT", { ...details, limit: MAX_CORE_INSTANCES });
    }
    const instance = new WebAssembly.Instance(module, this.#guardImports(imports));
    const {
      [INSTRUMENT_EXPORT.hook]: hook,
      [INSTRUMENT_EXPORT.fuel]: fuel,
      [INSTRUMENT_EXPORT.start]: start,
      ...rest
    } = instance.exports;
    if (hook instanceof WebAssembly.Table) {
      hook.set(HOOK_SLOT.outOfFuel, this.#hook.fuel);
      hook.set(HOOK_SLOT.grow, this.#hook.grow);
    }
    if (fuel instanceof WebAssembly.Global) {
      this.#fuelGranted += (fuel as WebAssembly.Global<bigint>).value;
      this.#fuels.push(fuel as WebAssembly.Global<bigint>);
      this.#setFuel(fuel as WebAssembly.Global<bigint>, this.#slice);
    }
    for (const exported of Object.values(rest)) {
      if (typeof exported === "function") this.#guestFunctions.add(exported);
      if (exported instanceof WebAssembly.Memory) this.#countOnce(exported);
    }
    made?.(instance.exports);
    if (typeof start === "function") start();
    return instance;
  }

  /**
   * Starts the clock of a call and makes it. To be followed by `end`.
   *
   * @returns What it answers, or as soon as there is one, its verdict.
   */
  run<T>(call: CallLimits, enter: () => Promise<T>): Promise<T> {
    this.#call = call;
    this.#deadline = call.deadline;
    this.#stretchMs = STRETCH_MS.calling;
    this.#cpuMs = 0;
    this.#growthRefused = false;
    if (call.signal?.aborted) this.#abort();
    const answer = enter();
    // What never waited is over, and nothing can come between it and its answer.
    if (!this.#inCall && !this.#verdict) return answer;
    return new Promise((resolve, reject) => {
      this.#onVerdict = reject;
      if (this.#verdict) reject(this.#verdict);
      answer.then(resolve, reject);
    });
  }

  /** Stops the clock. */
  end(): void {
    if (this.#inCall) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#call?.signal?.removeEventListener("abort", this.#abort);
      this.#inCall = undefined;
    }
    this.#call = undefined;
    this.#onVerdict = undefined;
    this.#deadline = Infinity;
  }

  /** Ends the call if its time is up. */
  expire(): void {
    if (performance.now() >= this.#deadline) this.#timeout();
  }

  /** The instance may not run any more. The first reason given is the one that counts. */
  kill(verdict: HostError): void {
    if (this.#verdict) return;
    this.#verdict = verdict;
    for (const fuel of this.#fuels) this.#setFuel(fuel, -1n);
    this.#onVerdict?.(verdict);
  }

  readonly #abort = (): void => {
    const cause: unknown = this.#call?.signal?.reason;
    this.kill(new HostError("PLUGIN_ABORTED", { plugin: this.#plugin }, { cause }));
  };

  #timeout(): void {
    const limitMs = this.#call?.timeoutMs ?? 0;
    const caller = this.#call?.limitOf === undefined ? undefined : { caller: this.#call.limitOf };
    this.kill(new HostError("PLUGIN_TIMEOUT", { plugin: this.#plugin, limitMs, ...caller }));
  }

  #outOfFuel(): Next {
    if (this.#verdict) return NEXT.trap;
    const now = performance.now();
    this.#checkTime(now);
    if (this.#verdict) return NEXT.trap;
    this.#adaptSlice(now);
    for (const fuel of this.#fuels) {
      if (fuel.value <= 0n) this.#setFuel(fuel, this.#slice);
    }
    return this.#suspendable && now >= this.#sliceEnd ? NEXT.yield : NEXT.go;
  }

  #adaptSlice(now: number): void {
    const lastedMs = now - this.#refilledAt;
    this.#refilledAt = now;
    if (lastedMs > FUEL_LASTS_MS * 2) this.#slice /= 2n;
    else if (lastedMs < FUEL_LASTS_MS / 2) this.#slice *= 2n;
    if (this.#slice < FUEL.least) this.#slice = FUEL.least;
    if (this.#slice > FUEL.most) this.#slice = FUEL.most;
  }

  #checkTime(now: number): void {
    const limitMs = this.#call?.cpuMs ?? Infinity;
    if (now >= this.#deadline) this.#timeout();
    else if (this.#usedMs(now) >= limitMs) {
      this.kill(new HostError("PLUGIN_CPU_LIMIT", { plugin: this.#plugin, limitMs }));
    } else if (!this.#suspendable) this.#checkStretch(now);
  }

  /** What was used in the call so far. */
  #usedMs(now: number): number {
    return this.#runningSince === undefined ? this.#cpuMs : this.#cpuMs + now - this.#runningSince;
  }

  #checkStretch(now: number): void {
    if (this.#stretchSince === undefined) {
      this.#stretchSince = now;
      // No microtask runs before the stretch is over.
      queueMicrotask(() => (this.#stretchSince = undefined));
      return;
    }
    // It allocates for what it has waited for.
    if (this.#runningSince === undefined) this.#cpuMs += now - this.#refilledAt;
    if (now - this.#stretchSince >= this.#stretchMs) {
      this.kill(new HostError("PLUGIN_CPU_LIMIT", { plugin: this.#plugin, limitMs: this.#stretchMs }));
    }
  }

  async #yieldTurn(): Promise<void> {
    this.#suspend();
    await this.#turnstile.turn();
    this.#resume();
  }

  /** A negative number takes back what was allowed, and then could not be had. */
  #mayGrow(deltaPages: number): number {
    if (deltaPages < 0) {
      this.#meter.shrink(-deltaPages);
      return 1;
    }
    if (this.#meter.grow(deltaPages)) return 1;
    this.#growthRefused = true;
    return 0;
  }

  #countOnce(memory: WebAssembly.Memory): void {
    if (this.#memories.has(memory)) return;
    this.#memories.add(memory);
    if (this.#meter.grow(memory.buffer.byteLength / 65_536)) return;
    const { usedBytes, limitBytes } = this.#meter.tightest();
    const details = { plugin: this.#plugin, function: "its start", usedBytes, limitBytes };
    throw new HostError("PLUGIN_MEMORY_LIMIT", details);
  }

  /** The plugin's code runs from here on, and may be suspended. */
  #resume(): void {
    const now = performance.now();
    this.#runningSince = now;
    this.#refilledAt = now;
    this.#suspendable = true;
    if (now < this.#sliceEnd) return;
    // What was there at once, or is answered at once, lets no turn of the event loop pass.
    const turn = this.#turnstile.loopTurn;
    if (turn === this.#sliceTurn) return;
    this.#sliceTurn = turn;
    this.#sliceEnd = now + SLICE_MS;
  }

  /** The plugin's code does not run, or cannot be suspended. */
  #pause(): void {
    this.#suspendable = false;
    if (this.#runningSince === undefined) return;
    this.#cpuMs += performance.now() - this.#runningSince;
    this.#runningSince = undefined;
  }

  /**
   * The plugin's code is going to wait. While it does, it does not look at the clock, so a timer does, and nobody
   * else can abort it than who holds the signal.
   */
  #suspend(): void {
    this.#pause();
    if (this.#inCall) return;
    this.#inCall = runInCall(this.#call?.chain, () => AsyncLocalStorage.snapshot());
    const signal = this.#call?.signal;
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener("abort", this.#abort);
    this.#armTimer();
  }

  /** A plugin that waits does not look at the clock, so a timer does. */
  #armTimer(): void {
    if (this.#timer || this.#deadline === Infinity) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.expire();
        // Timers are early by up to a millisecond.
        if (!this.#verdict) this.#armTimer();
      },
      Math.max(0, this.#deadline - performance.now()),
    );
  }

  #promising<A extends unknown[]>(exported: (...args: A) => unknown): (...args: A) => Promise<unknown> {
    const promised = WebAssembly.promising(exported);
    return (...args) => {
      this.#resume();
      const answer = promised(...args);
      if (this.#runningSince === undefined) return answer.finally(() => this.#pause());
      // It never waited, and is over.
      this.#pause();
      return answer;
    };
  }

  /** An import for which the plugin is suspended where it gives a promise. */
  #waiting(start: (...args: never[]) => unknown): (...args: never[]) => unknown {
    const begin = this.#unsuspendable((...args: never[]) =>
      this.#inCall ? this.#inCall(start, ...args) : runInCall(this.#call?.chain, () => start(...args)),
    );
    return (...args) => {
      const answer = begin(...args);
      return answer instanceof Promise ? this.#whenThere(answer) : answer;
    };
  }

  /** The plugin is suspended meanwhile. If there is a verdict until then, it never goes on. */
  async #whenThere(answer: Promise<unknown>): Promise<unknown> {
    this.#suspend();
    try {
      return await answer;
    } finally {
      if (performance.now() >= this.#sliceEnd && this.#turnstile.loopTurn === this.#sliceTurn) {
        await this.#turnstile.turn();
      }
      if (this.#verdict) await new Promise(() => undefined);
      this.#resume();
    }
  }

  /** While an import of the host runs there is JavaScript on the stack, so the plugin cannot be suspended. */
  #guardImports(imports: WebAssembly.Imports = {}): WebAssembly.Imports {
    // Without it `__proto__` would be the host's.
    const guarded = Object.create(null) as WebAssembly.Imports;
    for (const [module, members] of Object.entries(imports)) {
      const entries = Object.entries(members).map(([name, value]) => {
        const isHostFunction = typeof value === "function" && !this.#guestFunctions.has(value);
        return [name, isHostFunction ? this.#unsuspendable(value) : value] as const;
      });
      guarded[module] = Object.fromEntries(entries);
    }
    return guarded;
  }

  #unsuspendable(imported: (...args: never[]) => unknown): (...args: never[]) => unknown {
    return (...args) => {
      const suspendable = this.#suspendable;
      this.#suspendable = false;
      try {
        return imported(...args);
      } finally {
        this.#suspendable = suspendable;
        // A loop that does nothing but call the host uses little fuel and much time.
        if (performance.now() >= this.#sliceEnd) this.#exhaust();
      }
    };
  }

  /** Makes the plugin ask what is next as soon as it can. */
  #exhaust(): void {
    for (const fuel of this.#fuels) {
      if (fuel.value > 0n) this.#setFuel(fuel, 0n);
    }
  }

  #setFuel(fuel: WebAssembly.Global<bigint>, value: bigint): void {
    this.#fuelGranted += value - fuel.value;
    fuel.value = value;
  }
}
