const SIZES = ["B", "KB", "MB", "GB"];

/** A size as settings have it: "1.5 MB", powers of 1,024, three digits at most. */
export function formatBytes(sizeBytes: number): string {
  let size = sizeBytes;
  let unit = 0;
  while (size >= 1_000 && unit < SIZES.length - 1) {
    size /= 1_024;
    unit++;
  }
  return `${unit === 0 ? size : shorten(size)} ${SIZES[unit]}`;
}

/** "0.4 ms", "41 ms", "1.2 s". */
export function formatDuration(durationMs: number): string {
  return durationMs < 1_000 ? `${shorten(durationMs)} ms` : `${shorten(durationMs / 1_000)} s`;
}

function shorten(number: number): string {
  return number >= 9.95 ? String(Math.round(number)) : String(Math.round(number * 10) / 10);
}
