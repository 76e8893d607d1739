import { setTimeout } from "node:timers/promises";
import type { TimerService } from "../component/contract/services.ts";

/**
 * The service `timer`. Unlike a timer of the host's own, one of a plugin keeps the process alive: somebody
 * waits for the plugin's answer.
 *
 * @param maxMs How long a call may take: nobody waits for what comes after it.
 * @param closed Aborted when the plugin ends, so that it leaves no timer behind.
 */
export function createTimerService(maxMs: number, closed: AbortSignal): TimerService {
  return {
    async sleep(durationMs) {
      await setTimeout(Math.min(durationMs, maxMs), undefined, { signal: closed });
    },
  };
}
