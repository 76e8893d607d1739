/** The middle of some numbers, and what one in a hundred is above. */
export interface Quantiles {
  readonly median: number;
  readonly p99: number;
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { median: at(0.5), p99: at(0.99) };
}

/** Milliseconds that something took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Measures several contestants in one run, taking turns, so that what slows the machine down slows all of
 * them down.
 *
 * @returns Microseconds for one repetition, per round and contestant.
 */
export async function inTurns(
  contestants: Readonly<Record<string, () => Promise<unknown>>>,
  { rounds, repetitions }: { rounds: number; repetitions: number },
): Promise<Record<string, number[]>> {
  const results: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round++) {
    for (const [name, call] of Object.entries(contestants)) {
      const tookMs = await timed(async () => {
        for (let i = 0; i < repetitions; i++) await call();
      });
      // The first round warms up.
      if (round >= 0) (results[name] ??= []).push((tookMs * 1000) / repetitions);
    }
  }
  return results;
}
