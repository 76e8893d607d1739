import { ERRORS } from "./error-codes.ts";

/** A stable name for what went wrong; see `ERRORS` for all of them. */
export type ErrorCode = keyof typeof ERRORS;

/** What is known about an error of the code `C`. */
export type ErrorDetails<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]>[0];

// The same table, in the form in which TypeScript sees that a row fits its details.
const SENTENCES: { readonly [C in ErrorCode]: (details: ErrorDetails<C>) => string } = ERRORS;

/**
 * The one error that this package throws.
 *
 * `code` is stable and meant for programs, `message` is for a person: what happened, to which plugin, and
 * what to do. `details` holds what the message was made of, and `cause` the error beneath, if there is one.
 */
export class HostError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "HostError";
  readonly code: C;
  readonly details: ErrorDetails<C>;

  constructor(code: C, details: ErrorDetails<C>, options?: { cause: unknown }) {
    super(SENTENCES[code](details), options);
    this.code = code;
    this.details = details;
  }

  /** Whether `error` is a HostError, and of the given code if one is given. */
  static is<C extends ErrorCode = ErrorCode>(error: unknown, code?: C): error is HostError<C> {
    return error instanceof HostError && (code === undefined || error.code === code);
  }

  /** The form that is written to logs and sent as JSON. */
  toJSON(): { code: C; message: string; details: ErrorDetails<C> } {
    return { code: this.code, message: this.message, details: this.details };
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
