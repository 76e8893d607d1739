import { clock_monotonicNs, clock_nowMs } from "../abi/imports";

/** A service: the time. Always granted. */
export namespace clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  export function nowMs(): u64 {
    return clock_nowMs();
  }

  /** Nanoseconds since some fixed moment; never runs backwards. */
  export function monotonicNs(): u64 {
    return clock_monotonicNs();
  }

  /** The time in UTC as RFC 3339 has it: "2026-11-22T19:10:54.123Z". */
  export function timestamp(): string {
    return new Date(clock_nowMs()).toISOString();
  }
}
