import { timer_sleep } from "../abi/imports";

/** A service: waiting, while other calls go on. Always granted. */
export namespace timer {
  /** Comes back after so many milliseconds, or when the time of the call is over. */
  export function sleep(durationMs: u32): void {
    timer_sleep(durationMs);
  }
}
