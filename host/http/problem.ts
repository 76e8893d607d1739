import { STATUS_CODES } from "node:http";
import { HostError } from "../core/error.ts";
import type { Field, HttpResponse } from "../component/contract/data.ts";
import type { ErrorKind } from "../component/contract/service-error.ts";
import { STATUS_BY_CODE, STATUS_BY_KIND } from "./error-status.ts";

/** Why a request is not answered as it wished. */
export interface Problem {
  /** 400 to 599. */
  readonly status: number;
  /** For whoever sent the request. */
  readonly detail?: string | undefined;
  readonly headers?: readonly Field[] | undefined;
}

/**
 * What a client is told of an error: the status, and a text only where the plugin meant one for its caller.
 * Traps, limits and faults of the host are told to the access log and to nobody else.
 */
export function problemOf(error: unknown): Problem {
  if (!HostError.is(error)) return { status: 500 };
  // An instance that is made anew for a request may refuse to start: that is no answer to the request.
  if (HostError.is(error, "PLUGIN_ERROR") && /^(http-|incoming-handler\b)/.test(error.details.function)) {
    const { kind, text } = error.details;
    const status = STATUS_BY_KIND[kind as ErrorKind];
    return { status, detail: status < 500 || status === 501 ? text : undefined };
  }
  if (HostError.is(error, "REQUEST_UNAUTHENTICATED")) return challenge(401, error.details.shown);
  if (HostError.is(error, "REQUEST_FORBIDDEN")) return { status: 403, detail: "You may not do this." };
  if (HostError.is(error, "PLUGIN_CIRCUIT_OPEN")) return retryAfter(error.details.retryInMs);
  if (HostError.is(error, "PLUGIN_OVERLOADED")) return retryAfter(0);
  return { status: STATUS_BY_CODE[error.code] };
}

/**
 * A problem as a response.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemResponse({ status, detail, headers = [] }: Problem, requestId?: string): HttpResponse {
  const title = STATUS_CODES[status] ?? "Error";
  const document = { type: "about:blank", title, status, detail, requestId };
  return {
    status,
    headers: [{ name: "content-type", value: "application/problem+json" }, ...headers],
    body: Buffer.from(JSON.stringify(document)),
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function challenge(status: number, shown: boolean): Problem {
  const detail = shown ? "This token is not valid, or no longer." : "Sign in first.";
  const value = shown ? 'Bearer error="invalid_token"' : "Bearer";
  return { status, detail, headers: [{ name: "www-authenticate", value }] };
}

function retryAfter(delayMs: number): Problem {
  const seconds = Math.max(1, Math.ceil(delayMs / 1_000));
  return { status: 503, headers: [{ name: "retry-after", value: String(seconds) }] };
}
