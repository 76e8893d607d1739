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

/** A call of a plugin, and the calls by way of which it was made. All of those wait. */
export interface CallChain {
  readonly plugin: string;
  /** What is left of those around it. */
  readonly limits: CallLimits;
  readonly caller: CallChain | undefined;
  readonly state: ChainState;
}

const current = new AsyncLocalStorage<CallChain>();

/** Whether what runs now belongs to a call of this plugin. */
export function isWithinCallOf(plugin: string): boolean {
  for (let call = current.getStore(); call; call = call.caller) {
    if (call.plugin === plugin) return true;
  }
  return false;
}

/**
 * A call of a plugin that is made now: if another one makes it, that one's deadline, what aborts it and the request
 * that it serves hold, too.
 */
export function chainedCall(plugin: string, limits: CallLimits): CallChain {
  const caller = current.getStore();
  if (!caller) return { plugin, limits, caller, state: { waitingFor: undefined } };
  return { plugin, limits: limitedBy(caller, limits), caller, state: caller.state };
}

function limitedBy({ plugin, limits: callers }: CallChain, limits: CallLimits): CallLimits {
  const signal = limits.signal ?? callers.signal;
  const requestId = limits.requestId ?? callers.requestId;
  if (callers.deadline >= limits.deadline) return { ...limits, signal, requestId };
  const { deadline, timeoutMs, limitOf = plugin } = callers;
  return { ...limits, signal, requestId, deadline, timeoutMs, limitOf };
}

/** Runs what a call does while its plugin waits, so that the calls which that makes are known to be its own. */
export function runInCall<T>(call: CallChain | undefined, run: () => T): T {
  return call ? current.run(call, run) : run();
}
