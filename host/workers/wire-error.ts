import { type ErrorCode, HostError, messageOf } from "../core/error.ts";

/** A HostError in the form in which it crosses between threads. */
export interface WireError {
  readonly code: ErrorCode;
  readonly details: HostError["details"];
  readonly cause: unknown;
}

export function toWire({ code, details, cause }: HostError): WireError {
  return { code, details, cause: cause instanceof Error ? asPlainError(cause) : undefined };
}

/** The error that was sent; `cause` stands in for the one that was sent with it. */
export function fromWire({ code, details, cause: sent }: WireError, cause = sent): HostError {
  return cause === undefined ? new HostError(code, details) : new HostError(code, details, { cause });
}

/** An error as it can be cloned, whatever it carries. Its stack says what it was called. */
function asPlainError(error: Error): Error {
  const plain = new Error(messageOf(error));
  if (error.stack !== undefined) plain.stack = error.stack;
  return plain;
}
