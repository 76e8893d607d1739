import type { Path } from "./path.ts";

/** Where the problems of a value go. */
export interface Report {
  /** `message` is one or more sentences; `isName` says that it is about the last name of the path, not its value. */
  problem(path: Path, message: string, isName?: boolean): void;
  /** ` Did you mean "x"?`, or nothing. */
  suggest(word: string, known: Iterable<string>): string;
}
