import type { Exit } from "./exit-codes.ts";
import type { Output } from "./output.ts";

/** What the commands of one run of the program share. */
export interface Session {
  readonly output: Output;
  /** How the process is to end. */
  exit: Exit;
}
