/** A constant of the conformance plugins that stands in what `supported-channels` answers. */
const CONSTANT = "webhook";

/**
 * A build of the conformance plugin that tells its mark: a real component that differs from the others in one
 * constant. Its second channel is `m` and the mark in six digits.
 */
export function markedBuild(component: Uint8Array, mark: number): Buffer {
  const text = `m${String(mark).padStart(CONSTANT.length - 1, "0")}`;
  const marked = Buffer.from(component);
  let found = false;
  // AssemblyScript keeps its texts in UTF-16, Rust in UTF-8.
  for (const encoding of ["utf16le", "utf8"] as const) {
    const constant = Buffer.from(CONSTANT, encoding);
    for (let at = marked.indexOf(constant); at >= 0; at = marked.indexOf(constant)) {
      marked.write(text, at, encoding);
      found = true;
    }
  }
  if (!found) throw new Error("The build has no such constant.");
  return marked;
}

/** The mark in such an answer. */
export function markOf(channels: readonly string[]): number {
  const mark = /^m(\d+)$/.exec(channels[1] ?? "")?.[1];
  if (mark === undefined) throw new Error(`There is no mark in ${channels.join(", ")}.`);
  return Number(mark);
}
