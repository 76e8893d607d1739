import type { DiagnosticEmitter, Range } from "./syntax.ts";

// The compiler has no code of its own for this: it is what `ERROR("…")` in a source has.
const USER_DEFINED = 102;

/** Tells the author what is wrong with a place in a source, and what to do. The build fails. */
export function report(emitter: DiagnosticEmitter, range: Range, message: string): void {
  emitter.error(USER_DEFINED, range, message);
  // The compiler would put a preface before it.
  const last = emitter.diagnostics.at(-1);
  if (last) last.message = message;
}
