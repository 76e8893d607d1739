import type { ClockService } from "../component/contract/services.ts";
import type { Clock } from "../core/clock.ts";

/** The service `clock`: the host's own time, as whole milliseconds and nanoseconds. */
export function createClockService(clock: Pick<Clock, "now" | "monotonic">): ClockService {
  return {
    nowMs: () => Math.floor(clock.now()),
    monotonicNs: () => BigInt(Math.round(clock.monotonic() * 1e6)),
  };
}
