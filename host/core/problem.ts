/** One thing that is wrong with what a person wrote. */
export interface Problem {
  /** Which value it is about: `plugins.api.limits.timeoutMs`. Empty if it is about the whole. */
  readonly path: string;
  /** One or more sentences. */
  readonly message: string;
  /** Where it was written; all four are undefined if that was in no file. Lines and columns count from 1. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The line as it was written, with a caret under it in a second line. */
  readonly excerpt?: string | undefined;
}

/** All of them for a person to read, each with its excerpt. */
export function reportProblems(problems: readonly Problem[], total = problems.length): string {
  const reports = problems.map(({ path, message, file, line, column, excerpt }) => {
    const where = [file, line, column].filter((part) => part !== undefined).join(":");
    const heading = [where, path, message].filter((part) => part !== "").join(": ");
    return excerpt === undefined ? heading : `${heading}\n${excerpt.replace(/^/gm, "  ")}`;
  });
  if (total > problems.length) reports.push(`… and ${total - problems.length} more.`);
  return reports.join("\n");
}
