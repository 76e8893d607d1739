import type { SourcePosition } from "../core/source-position.ts";

/** What is wrong with a source, and where. */
export interface Diagnostic extends SourcePosition {
  readonly message: string;
}
