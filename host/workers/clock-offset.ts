import { hrtime } from "node:process";

/**
 * What to add to `performance.now()` of this thread for the clock that all threads of the process share: each
 * thread counts from its own start.
 */
export const clockOffsetMs: number = Number(hrtime.bigint()) / 1e6 - performance.now();
