import type { TimerService } from "../component/contract/services.ts";
import type { Clock } from "../core/clock.ts";
import { keepingAwake } from "./keeping-awake.ts";

/** The most that a timer of Node can wait: 24 days, which no call takes. */
const MAX_MS = 2 ** 31 - 1;

/**
 * The service `timer`. Unlike a timer of the host's own, one of a plugin keeps the process alive: somebody
 * waits for the plugin's answer.
 *
 * @param ended Aborted when the instance ends, so that it leaves no timer behind.
 */
export function createTimerService(clock: Clock, ended: AbortSignal): TimerService {
  return {
    async sleep(durationMs) {
      ended.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const cancel = clock.after(Math.min(durationMs, MAX_MS), resolve);
      const end = () => reject(ended.reason);
      ended.addEventListener("abort", end, { once: true });
      try {
        await keepingAwake(promise);
      } finally {
        cancel();
        ended.removeEventListener("abort", end);
      }
    },
  };
}
