import type { HostError } from "../core/error.ts";

/** What became of one request. */
export interface AccessLogEntry {
  /** The request's id, which is also in the header `x-request-id` of the answer. */
  readonly id: string;
  readonly method: string;
  /** As sent, without the query, which may hold secrets. */
  readonly path: string;
  /** Who answered; undefined when nobody was asked. */
  readonly plugin: string | undefined;
  /** Undefined when the client was gone before there was an answer. */
  readonly status: number | undefined;
  /** Of the answer's body. */
  readonly sizeBytes: number;
  /** From the request's head to the moment when the answer was on its way. */
  readonly durationMs: number;
  /** Why it was not answered as it wished, with all that the client is not told. */
  readonly error: HostError | undefined;
}

/** Takes what became of each request. What it throws is a fault, which is told: see `HttpServerOptions.onFault`. */
export type AccessLog = (entry: AccessLogEntry) => void;
