/** The index of the last of `sorted` (upwards) that is at most `limit`; -1 if there is none. */
export function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = -1;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
