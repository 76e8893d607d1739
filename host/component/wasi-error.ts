/**
 * A failure in the form in which the bindings lower it: they take what is thrown for the error of the function's
 * `result`, unless it is an Error, which ends the instance.
 */
export function wasiError(tag: string, val?: unknown): unknown {
  return val === undefined ? { tag } : { tag, val };
}

/** The error of a `result` that has no value for it. */
export const EMPTY_ERROR: unknown = undefined;
