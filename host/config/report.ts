import type { Path } from "./path.ts";

/** Where the problems of a value go. */
export interface Report {
  /** `message` is one or more sentences; `isName` says that it is about the last name of the path, not its value. */
  problem(path: Path, message: string, isName?: boolean): void;
  /** Whether something was written there that could not be worked out, and is reported as such. */
  isUnknown(path: Path): boolean;
  /** ` Did you mean "x"?`, or nothing. */
  suggest(word: string, known: Iterable<string>): string;
}
