import { setTimeout } from "node:timers/promises";
import type { TimerService } from "../component/contract/services.ts";

/** The most that a timer of Node can wait: 24 days, which no call takes. */
const MAX_MS = 2 ** 31 - 1;

/**
 * The service `timer`. Unlike a timer of the host's own, one of a plugin keeps the process alive: somebody
 * waits for the plugin's answer.
 *
 * @param ended Aborted when the instance ends, so that it leaves no timer behind.
 */
export function createTimerService(ended: AbortSignal): TimerService {
  return {
    async sleep(durationMs) {
      await setTimeout(Math.min(durationMs, MAX_MS), undefined, { signal: ended });
    },
  };
}
