import { performance } from "node:perf_hooks";
import { randomFrom } from "../unit/wasm/random.ts";
import type { FuzzTarget } from "./target.ts";

export interface FuzzBounds {
  readonly seed: number;
  readonly runs: number;
  readonly seconds: number;
}

export interface FuzzReport {
  readonly runs: number;
  readonly durationMs: number;
  readonly slowestMs: number;
  /** How often the attempts ended in which way, the most frequent first. */
  readonly ends: ReadonlyMap<string, number>;
}

export interface FuzzProgress extends FuzzReport {
  readonly rssBytes: number;
}

/** What was found, with what finds it again. */
export class Finding extends Error {
  readonly input: Uint8Array;

  constructor(target: string, run: number, { seed }: FuzzBounds, input: Uint8Array, cause: unknown) {
    super(`${target}: run ${run} of seed ${seed} ended in a way in which it must not`, { cause });
    this.input = input;
  }
}

/** How long one attempt may take: a component starts for a second at most, and says who it is, is initialised, called. */
const LONGEST_MS = 20_000;

/** @throws Finding */
export async function runTarget(
  target: FuzzTarget,
  bounds: FuzzBounds,
  onProgress?: (progress: FuzzProgress) => void,
): Promise<FuzzReport> {
  const open = await target.open();
  const random = randomFrom(bounds.seed);
  const counts = new Map<string, number>();
  const started = performance.now();
  let slowestMs = 0;
  let told = started;
  let runs = 0;
  const report = (): FuzzReport => ({
    runs,
    durationMs: performance.now() - started,
    slowestMs,
    ends: new Map([...counts].toSorted(([, a], [, b]) => b - a)),
  });
  try {
    for (; runs < bounds.runs && performance.now() - started < bounds.seconds * 1000; runs++) {
      const start = performance.now();
      try {
        const end = await open.attempt(random);
        counts.set(end, (counts.get(end) ?? 0) + 1);
        const tookMs = performance.now() - start;
        slowestMs = Math.max(slowestMs, tookMs);
        if (tookMs > LONGEST_MS) throw new Error(`It took ${tookMs.toFixed(0)} ms.`);
      } catch (cause) {
        throw new Finding(target.name, runs, bounds, open.lastInput(), cause);
      }
      if (!onProgress || performance.now() - told < 1_000) continue;
      told = performance.now();
      onProgress({ ...report(), rssBytes: process.memoryUsage.rss() });
    }
    return report();
  } finally {
    await open[Symbol.asyncDispose]?.();
  }
}
