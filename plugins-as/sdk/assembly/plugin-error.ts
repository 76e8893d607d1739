/** The cases of a `PluginError`, in the order of the contract. */
export enum ErrorKind {
  InvalidInput,
  NotFound,
  Conflict,
  Denied,
  LimitExceeded,
  Timeout,
  Unavailable,
  Unsupported,
  Internal,
}

/**
 * Why something could not be done: `error` in the contract.
 *
 * The kind says what a caller can do about it, the message says it to a person: a sentence without secrets,
 * for it may reach a log.
 */
export class PluginError {
  constructor(
    readonly kind: ErrorKind,
    readonly message: string,
  ) {}

  /** The arguments are wrong: the same call fails again. */
  static invalidInput(message: string): PluginError {
    return new PluginError(ErrorKind.InvalidInput, message);
  }

  /** There is no such thing. */
  static notFound(message: string): PluginError {
    return new PluginError(ErrorKind.NotFound, message);
  }

  /** It is there already, or somebody else changed it first. */
  static conflict(message: string): PluginError {
    return new PluginError(ErrorKind.Conflict, message);
  }

  /** The caller may not do this. */
  static denied(message: string): PluginError {
    return new PluginError(ErrorKind.Denied, message);
  }

  /** It would be larger, or more, than what is allowed. */
  static limitExceeded(message: string): PluginError {
    return new PluginError(ErrorKind.LimitExceeded, message);
  }

  /** It took too long. */
  static timeout(message: string): PluginError {
    return new PluginError(ErrorKind.Timeout, message);
  }

  /** What it depends on cannot be reached: the same call may succeed later. */
  static unavailable(message: string): PluginError {
    return new PluginError(ErrorKind.Unavailable, message);
  }

  /** This plugin, or this host, does not do that. */
  static unsupported(message: string): PluginError {
    return new PluginError(ErrorKind.Unsupported, message);
  }

  /** Anything else: a fault of the one who answers. */
  static internal(message: string): PluginError {
    return new PluginError(ErrorKind.Internal, message);
  }
}
