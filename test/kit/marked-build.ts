/** What the conformance plugins answer to a query that they do not know, up to the query itself. */
const PREFIX = "no such query: ";

/**
 * A build of the conformance plugin that tells its mark: a real component that differs from the others in one
 * constant. Asked for an unknown query, it answers `not-found` with `mark-NNNNNNNNN:` and the query.
 */
export function markedBuild(component: Uint8Array, mark: number): Buffer {
  const text = `mark-${String(mark).padStart(PREFIX.length - 7, "0")}: `;
  const marked = Buffer.from(component);
  // AssemblyScript keeps its texts in UTF-16, Rust in UTF-8.
  for (const encoding of ["utf16le", "utf8"] as const) {
    const at = marked.indexOf(PREFIX, 0, encoding);
    if (at >= 0) {
      marked.write(text, at, encoding);
      return marked;
    }
  }
  throw new Error("The build has no such constant.");
}

/** The mark in the text of such an answer. */
export function markOf(text: string): number {
  const [, mark] = /^mark-(\d+): /.exec(text) ?? [];
  if (mark === undefined) throw new Error(`There is no mark in ${text}`);
  return Number(mark);
}
