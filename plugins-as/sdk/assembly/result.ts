import { PluginError } from "./plugin-error";

/**
 * A value, or the reason why there is none.
 *
 * AssemblyScript has no exceptions that could be caught, so what can fail says so in its type:
 *
 * ```ts
 * const opened = database.open("main");
 * if (opened.isErr) return opened.as<JsonValue>();
 * const connection = opened.value;
 * ```
 *
 * A function that has nothing to return but can fail returns `PluginError | null` instead.
 */
export class Result<T> {
  private constructor(
    private readonly ok: T,
    /** Why there is no value; null if there is one. */
    readonly error: PluginError | null,
  ) {}

  static ok<T>(value: T): Result<T> {
    return new Result<T>(value, null);
  }

  static err<T>(error: PluginError): Result<T> {
    return new Result<T>(nothing<T>(), error);
  }

  get isOk(): bool {
    return this.error === null;
  }

  get isErr(): bool {
    return this.error !== null;
  }

  /** The value. Traps with the error's message if there is none: ask `isErr` first. */
  get value(): T {
    const error = this.error;
    if (error) throw new Error(error.message);
    return this.ok;
  }

  /** The same error as a result of another type, for handing it on. Traps if there is a value. */
  as<U>(): Result<U> {
    return Result.err<U>(this.error!);
  }
}

// Never read: `value` refuses to hand it out.
function nothing<T>(): T {
  return isReference<T>() ? changetype<T>(0) : <T>0;
}
