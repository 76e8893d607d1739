import type { Field, HttpRequestHead, StreamResponse } from "../../component/contract/data.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import { HostError } from "../../core/error.ts";
import { RequestBody } from "./request-body.ts";
import { ResponseBody } from "./response-body.ts";

/** For messages. */
const HANDLE = "http-stream-plugin.handle-stream";

export interface StreamExchangeOptions {
  readonly plugin: string;
  readonly method: HttpRequestHead["method"];
  /** Undefined: there is none. */
  readonly body: AsyncIterable<Uint8Array> | undefined;
  /** What either body may have. */
  readonly maxBytes: number;
}

/** One request whose bodies are streams, and its answer: both ends of what goes between a caller and a plugin. */
export class StreamExchange {
  /** The head of the answer, as soon as there is one. */
  readonly answer: Promise<StreamResponse>;
  readonly #options: StreamExchangeOptions;
  readonly #settle: PromiseWithResolvers<StreamResponse>;
  readonly #cancelled = new AbortController();
  #request: RequestBody | undefined;
  #response: ResponseBody | undefined;
  #bodiless = false;

  constructor(options: StreamExchangeOptions) {
    this.#options = options;
    this.#settle = Promise.withResolvers();
    this.answer = this.#settle.promise;
  }

  /** Aborted when whoever fetched the answer wants no more of it. */
  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  /** @throws ServiceError `conflict` the second time */
  requestBody(onDispose: () => void): RequestBody {
    if (this.#request) throw new ServiceError("conflict", "The body of this request was given out before.");
    const { body, maxBytes } = this.#options;
    this.#request = new RequestBody(body, maxBytes, onDispose);
    return this.#request;
  }

  /** @throws ServiceError `conflict` the second time, `invalid-input` for a head that is none */
  respond(status: number, headers: Field[], onDispose: () => void): ResponseBody {
    if (this.#response) throw new ServiceError("conflict", "This request has been answered before.");
    if (status < 200 || status > 599)
      throw new ServiceError("invalid-input", `${status} is no status of an answer.`);
    this.#bodiless = this.#options.method === "HEAD" || status === 204 || status === 304;
    const body = new ResponseBody({
      declaredBytes: declaredBytes(headers),
      maxBytes: this.#options.maxBytes,
      wanted: !this.#bodiless,
      onMismatch: (reason) => this.#invalid(reason),
      onCancel: (reason) => this.#cancelled.abort(reason),
      onDispose,
    });
    this.#response = body;
    this.#settle.resolve({ status, headers, body: body.stream });
    return body;
  }

  /**
   * The plugin has returned.
   *
   * @param refusal The error that it returned.
   * @throws HostError PLUGIN_ANSWER_INVALID when it has not answered, or not to the end
   */
  returned(refusal?: HostError): void {
    const body = this.#response;
    // Who writes to a body that there is none of is told so, and has nothing more to say to anybody.
    if (refusal && !this.#bodiless) throw refusal;
    if (!body) throw this.#invalid("it returned without an answer");
    if (body.failure) throw body.failure;
    if (body.isOpen) throw this.#invalid("it returned in the middle of its body");
  }

  /** Nothing more comes. @param error Why, if it was not meant so. */
  close(error?: unknown): void {
    this.#request?.close();
    this.#response?.close(error);
    if (error !== undefined) this.#settle.reject(error);
  }

  #invalid(reason: string): HostError {
    return new HostError("PLUGIN_ANSWER_INVALID", { plugin: this.#options.plugin, function: HANDLE, reason });
  }
}

function declaredBytes(headers: readonly Field[]): number | undefined {
  const declared = headers.filter(({ name }) => name.toLowerCase() === "content-length");
  if (declared.length === 0) return undefined;
  const [{ value } = { value: "" }] = declared;
  if (declared.length === 1 && /^\d{1,15}$/.test(value)) return Number(value);
  throw new ServiceError("invalid-input", "There is one content-length, and it is a number of bytes.");
}
