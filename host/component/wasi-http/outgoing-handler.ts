import type { HttpClientService, LoggerService } from "../contract/services.ts";
import { type ErrorKind, ServiceError } from "../contract/service-error.ts";
import { wasiError } from "../wasi-error.ts";
import type { WasiResources } from "../wasi-resources.ts";
import { FutureIncomingResponse, type HttpOutcome } from "./incoming-response.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";
import type { RequestOptions } from "./request-options.ts";
import type { HttpErrorCode } from "./response-outparam.ts";

/** How many exchanges an instance may have at once, answers that it has not dropped among them. */
const MAX_EXCHANGES = 16;

/** Of a request. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** What the handler needs of the host. */
interface OutgoingHost {
  /** Undefined if it was not granted. */
  readonly client: HttpClientService | undefined;
  readonly logger: LoggerService;
  /** The host has failed: ends the instance. */
  readonly fault: (error: unknown) => Error;
}

/**
 * `wasi:http/outgoing-handler` for one instance, by the service `http-client`: to the same servers, within the
 * same limits. Bodies are whole: a request goes out when its body has been finished, and an answer is there when
 * all of it is.
 *
 * @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/handler.wit
 */
export function createOutgoingHandler(resources: WasiResources, host: OutgoingHost): object {
  let exchanges = 0;
  return {
    handle(request: OutgoingRequest, options: RequestOptions | undefined): FutureIncomingResponse {
      const timeoutMs = options?.timeoutMs;
      options?.[Symbol.dispose]();
      const refused = verify(request, exchanges);
      if (refused !== undefined) {
        request[Symbol.dispose]();
        throw refused;
      }
      exchanges++;
      const outcome = exchange(request, timeoutMs, host);
      request[Symbol.dispose]();
      return new FutureIncomingResponse(resources, outcome, () => void exchanges--);
    },
  };
}

/** The `error-code` of what cannot even be tried. */
function verify(request: OutgoingRequest, exchanges: number): unknown {
  if (exchanges >= MAX_EXCHANGES) return wasiError("connection-limit-reached");
  return request.url === undefined ? wasiError("HTTP-request-URI-invalid") : undefined;
}

async function exchange(
  request: OutgoingRequest,
  timeoutMs: number | undefined,
  host: OutgoingHost,
): Promise<HttpOutcome> {
  const { methodName: method, url = "", hasBody, channel, fields } = request;
  try {
    if (!host.client) throw new ServiceError("denied", `${method} ${url} is not granted.`);
    if (!hasBody) channel.endEmpty();
    const body = await wholeOf(channel);
    // What it is was held against the body already.
    const headers = fields.filter(({ name }) => name.toLowerCase() !== "content-length");
    return { tag: "ok", val: await host.client.send({ method, url, headers, body, timeoutMs }) };
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      host.fault(error);
      return { tag: "err", val: { tag: "internal-error" } };
    }
    // Most codes have no place for the text, which says what would have to be granted.
    host.logger.log("warn", `A request failed: ${error.message}`, undefined);
    return { tag: "err", val: codeOf(error) };
  }
}

async function wholeOf(channel: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of channel) {
      length += piece.length;
      if (length > MAX_BODY_BYTES) break;
      pieces.push(piece);
    }
  } catch (cause) {
    throw new ServiceError("invalid-input", "The body of the request was not finished.", { cause });
  }
  if (length <= MAX_BODY_BYTES) return Buffer.concat(pieces);
  throw new ServiceError("limit-exceeded", `The request has a body of more than ${MAX_BODY_BYTES} bytes.`);
}

const CODES: Partial<Record<ErrorKind, string>> = {
  denied: "HTTP-request-denied",
  timeout: "connection-timeout",
  unavailable: "destination-unavailable",
  "invalid-input": "HTTP-request-URI-invalid",
  "limit-exceeded": "HTTP-response-body-size",
};

function codeOf({ kind, message }: ServiceError): HttpErrorCode {
  const tag = CODES[kind];
  return tag === undefined ? { tag: "internal-error", val: message } : { tag };
}
