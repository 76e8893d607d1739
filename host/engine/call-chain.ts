import { AsyncLocalStorage } from "node:async_hooks";
import type { CallLimits } from "./guard.ts";

/** What a chain waits for, if it waits: something that others hold. */
export interface Awaited {
  /** Whether one of those who hold it may let go of it without waiting for this chain. */
  mayBeFreed(seen: Set<Awaited>): boolean;
}

/** What all calls of a chain share: only one of them, the innermost, does anything. */
export interface ChainState {
  waitingFor: Awaited | undefined;
}

/** The calls of plugins, one made by way of the other, that led to what runs now. */
interface CallChain {
  /** Outermost first. All of them wait. */
  readonly plugins: readonly string[];
  /** Of the innermost call: what is left of those around it. */
  readonly limits: CallLimits;
  readonly state: ChainState;
}

const current = new AsyncLocalStorage<CallChain>();

/** Whether what runs now belongs to a call of this plugin. */
export function isWithinCallOf(plugin: string): boolean {
  return current.getStore()?.plugins.includes(plugin) ?? false;
}

/** The chain that a call made now would belong to. */
export function chainState(): ChainState {
  return current.getStore()?.state ?? { waitingFor: undefined };
}

/** The limits of a call that is made now: if a plugin makes it, that one's deadline, what aborts it and the request that it serves hold, too. */
export function limitedByCaller(limits: CallLimits): CallLimits {
  const chain = current.getStore();
  if (!chain) return limits;
  const signal = limits.signal ?? chain.limits.signal;
  const requestId = limits.requestId ?? chain.limits.requestId;
  if (chain.limits.deadline >= limits.deadline) return { ...limits, signal, requestId };
  const { deadline, timeoutMs, limitOf = chain.plugins.at(-1) } = chain.limits;
  return { ...limits, signal, requestId, deadline, timeoutMs, limitOf };
}

/** Runs what a call of a plugin does, so that the calls that it makes are known to be its own. */
export function runInCall<T>(
  plugin: string,
  limits: CallLimits,
  state: ChainState,
  run: () => Promise<T>,
): Promise<T> {
  const plugins = [...(current.getStore()?.plugins ?? []), plugin];
  return current.run({ plugins, limits, state }, run);
}
