import type { Clock } from "../core/clock.ts";
import { HostError } from "../core/error.ts";

/**
 * Waits for what is being closed, and no longer than `limitMs`.
 *
 * @throws HostError SHUTDOWN_TIMEOUT, or what closing it threw
 */
export async function closeInTime(
  closing: Promise<void>,
  { plugin, limitMs, clock }: { plugin: string; limitMs: number; clock: Clock },
): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(limitMs, () => reject(new HostError("SHUTDOWN_TIMEOUT", { plugin, limitMs })));
  try {
    await Promise.race([closing, late]);
  } finally {
    cancel();
  }
}
