/** The cases of the contract's `error`, in their order. @see wit/types.wit */
export const ERROR_KINDS = [
  "invalid-input",
  "not-found",
  "conflict",
  "denied",
  "limit-exceeded",
  "timeout",
  "unavailable",
  "unsupported",
  "internal",
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

/** How a service tells a plugin that something could not be done. The plugin gets it as the contract's `error`. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly kind: ErrorKind;

  /** `message` reaches the plugin: a sentence without secrets and without what is the host's own business. */
  constructor(kind: ErrorKind, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
