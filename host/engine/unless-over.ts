import { HostError } from "../core/error.ts";
import type { CallLimits } from "./guard.ts";

/**
 * What a call of a plugin waits for before it runs.
 *
 * @param queued Whether it waits because others are served.
 * @param leave Is told when the call is aborted or late before that, and what it ends with then.
 */
export async function unlessOver<T>(
  plugin: string,
  { deadline, timeoutMs, signal, limitOf }: CallLimits,
  awaited: Promise<T>,
  queued: boolean,
  leave: (error: HostError) => void,
): Promise<T> {
  const caller = limitOf === undefined ? undefined : { caller: limitOf };
  const late = () =>
    leave(new HostError("PLUGIN_TIMEOUT", { plugin, limitMs: timeoutMs, queued, ...caller }));
  const abort = () => leave(new HostError("PLUGIN_ABORTED", { plugin }, { cause: signal?.reason }));
  const timer = deadline === Infinity ? undefined : setTimeout(late, deadline - performance.now());
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort);
  try {
    return await awaited;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
