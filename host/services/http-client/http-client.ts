import { lookup as systemLookup, type LookupAddress, type LookupOptions } from "node:dns";
import {
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Field, HttpResponseInit, OutgoingRequest } from "../../component/contract/data.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { HttpClientService } from "../../component/contract/services.ts";
import { quote } from "../../core/error-codes.ts";
import { messageOf } from "../../core/error.ts";
import { canonicalHost } from "../../config/canonical-host.ts";
import type { HostGrant } from "../../config/settings.ts";
import { isPrivateAddress } from "./private-addresses.ts";

export interface HttpClientLimits {
  /** Milliseconds for a whole exchange. */
  readonly timeoutMs: number;
  /** Bytes of a response's body. */
  readonly maxResponseBytes: number;
}

/** Of a name in the DNS, its dot at the end included. */
const MAX_NAME_LENGTH = 254;

/** The host's business, or a way to make two servers see two different requests. */
const FORBIDDEN_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Sends requests to the servers that were granted, and to no other: a redirect is an answer like any other, and
 * a name that stands for a private address leads nowhere unless that address itself was granted.
 *
 * @param ended Aborted when nobody waits for answers any more: what is under way is given up.
 * @see wit/services.wit
 */
export function createHttpClient(
  grants: readonly HostGrant[],
  limits: HttpClientLimits,
  ended?: AbortSignal,
): HttpClientService {
  return {
    async send(request) {
      const url = parseUrl(request.url);
      verifyMethod(request.method);
      const usable = grantsFor(request.method, url, grants);
      const timeoutMs = Math.min(request.timeoutMs ?? Infinity, limits.timeoutMs);
      const late = AbortSignal.timeout(timeoutMs);
      const signal = ended ? AbortSignal.any([late, ended]) : late;
      try {
        return await exchange(url, request, { signal, maxBytes: limits.maxResponseBytes, grants: usable });
      } catch (error) {
        if (error instanceof ServiceError) throw error;
        if (late.aborted)
          throw new ServiceError("timeout", `${quote(url.host)} did not answer within ${timeoutMs} ms.`);
        throw new ServiceError("unavailable", `${quote(url.host)} cannot be reached: ${messageOf(error)}.`, {
          cause: error,
        });
      }
    },
  };
}

interface ExchangeOptions {
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly grants: readonly HostGrant[];
}

async function exchange(
  url: URL,
  sent: OutgoingRequest,
  options: ExchangeOptions,
): Promise<HttpResponseInit> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = open(url, {
    method: sent.method,
    headers: [...headersOf(sent.headers), "host", url.host, "content-length", String(sent.body.length)],
    signal: options.signal,
    lookup: guardedLookup(options.grants),
    // A connection that is not kept cannot be confused with another plugin's.
    agent: false,
  });
  request.once("response", resolve).once("error", reject);
  // After an answer that changes the protocol there is neither of the two.
  request.once("close", () => reject(new Error("the connection was closed without an answer")));
  request.end(sent.body);
  const response = await promise;
  const body = await bodyOf(response, options.maxBytes);
  return { status: response.statusCode ?? 500, headers: fieldsOf(response.rawHeaders), body };
}

function open(url: URL, options: RequestOptions): ClientRequest {
  try {
    return url.protocol === "https:" ? httpsRequest(url, options) : httpRequest(url, options);
  } catch (error) {
    // Node checks the method and the headers.
    throw new ServiceError("invalid-input", messageOf(error), { cause: error });
  }
}

async function bodyOf(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop destroys the response.
    if (length > maxBytes)
      throw new ServiceError("limit-exceeded", `The response is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new ServiceError("invalid-input", "The URL is no http or https URL.");
  }
  if (url.hostname.length > MAX_NAME_LENGTH) {
    throw new ServiceError(
      "invalid-input",
      `The name of the host is longer than ${MAX_NAME_LENGTH} characters.`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new ServiceError("invalid-input", "A URL must not hold a user or a password: send a header.");
  }
  return url;
}

function verifyMethod(method: string): void {
  if (/^[A-Za-z-]{1,40}$/.test(method)) return;
  throw new ServiceError("invalid-input", `${quote(method)} is no method of HTTP.`);
}

/**
 * The grants that cover a request.
 *
 * @throws ServiceError `denied` when there is none
 */
function grantsFor(method: string, url: URL, grants: readonly HostGrant[]): readonly HostGrant[] {
  const host = canonicalHost(url.hostname) ?? url.hostname;
  const port = Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port);
  const fitting = grants.filter(
    (grant) =>
      (grant.port === undefined || grant.port === port) &&
      (grant.methods === undefined || grant.methods.includes(method)),
  );
  if (fitting.some((grant) => coversHost(grant, host))) return fitting;
  const setting = `"http-client": [${quote(`${host}:${port}`)}]`;
  throw new ServiceError(
    "denied",
    `${method} to ${quote(host)}, port ${port}, is not granted. The settings would say: ${setting}.`,
  );
}

/** An address in the URL is never looked up, so that "*" must not cover a private one here already. */
function coversHost({ host: granted }: HostGrant, host: string): boolean {
  if (granted === host) return true;
  if (granted === "*") return !isPrivate(host);
  return granted.startsWith("*.") && host.endsWith(granted.slice(1));
}

/** Whether a host is a private address, or one of the names of this machine that every machine has. */
function isPrivate(host: string): boolean {
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  const address = host.replace(/^\[|\]$/g, "");
  return isIP(address) !== 0 && isPrivateAddress(address);
}

/**
 * Looks names up as the system does, and gives no private address that was not granted as such.
 *
 * @param grants Those for the port and the method of the request.
 */
function guardedLookup(grants: readonly HostGrant[]): LookupFunction {
  const isGranted = (hostname: string, address: string) => {
    const literal = isIP(address) === 6 ? `[${address}]` : address;
    return grants.some(({ host }) => host === literal || (host === "localhost" && hostname === host));
  };
  return (hostname, options: LookupOptions, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, [], 0);
      const allowed = addresses.filter(
        ({ address }) => !isPrivateAddress(address) || isGranted(hostname, address),
      );
      const [first] = allowed;
      if (!first) {
        const message = `${hostname} stands for a private address, which is not granted.`;
        return callback(new ServiceError("denied", message), [], 0);
      }
      return options.all ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}

/** In the flat form in which Node keeps order and repetitions. */
function headersOf(fields: readonly Field[]): string[] {
  return fields.flatMap(({ name, value }) => {
    if (!FORBIDDEN_HEADERS.has(name.toLowerCase())) return [name, value];
    throw new ServiceError("invalid-input", `The header ${name} is the host's to set.`);
  });
}

function fieldsOf(rawHeaders: readonly string[]): Field[] {
  const fields: Field[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    fields.push({ name: rawHeaders[i]?.toLowerCase() ?? "", value: rawHeaders[i + 1] ?? "" });
  }
  return fields;
}
