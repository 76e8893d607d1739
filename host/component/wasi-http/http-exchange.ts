import { cutText } from "../../core/cut-text.ts";
import { HostError, messageOf } from "../../core/error.ts";
import type { ErrorKind } from "../contract/service-error.ts";
import type { WasiResources } from "../wasi-resources.ts";
import { BodySource } from "./body-source.ts";
import { IncomingRequest } from "./incoming-request.ts";
import type { BodyChannel } from "./body-channel.ts";
import { type HttpErrorCode, type OutgoingResult, ResponseOutparam } from "./response-outparam.ts";
import type { StreamedRequest, StreamedResponse } from "./streamed.ts";

/** For messages. */
const HANDLE = "incoming-handler.handle";

/** Of the text of an error that is kept, in UTF-16 units. */
const MAX_TEXT = 16_384;

/** One request to a standard HTTP component, and its answer. */
export class HttpExchange {
  /** The head of the answer, as soon as there is one. */
  readonly answer: Promise<StreamedResponse>;
  readonly #plugin: string;
  readonly #request: StreamedRequest;
  readonly #source: BodySource;
  readonly #settle: PromiseWithResolvers<StreamedResponse>;
  #answered = false;
  #channel: BodyChannel | undefined;

  constructor(plugin: string, request: StreamedRequest) {
    this.#plugin = plugin;
    this.#request = request;
    this.#source = new BodySource(request.body);
    this.#settle = Promise.withResolvers();
    this.answer = this.#settle.promise;
  }

  /** What the component's handler is called with. */
  args(resources: WasiResources): unknown[] {
    return [
      new IncomingRequest(resources, this.#request, this.#source),
      new ResponseOutparam((result) => this.#take(result)),
    ];
  }

  /**
   * The handler has returned.
   *
   * @throws HostError PLUGIN_ANSWER_INVALID when it has not answered, or not to the end
   */
  returned(): void {
    const unfinished = this.#channel?.isOpen;
    if (this.#answered && !unfinished) return;
    throw this.#invalid(
      unfinished ? "it returned in the middle of its body" : "it returned without an answer",
    );
  }

  /** Nothing more comes. @param error Why, if it was not meant so. */
  close(error?: unknown): void {
    this.#source.close();
    if (error === undefined) return;
    this.#settle.reject(error);
    this.#channel?.fail(error);
  }

  #take(result: OutgoingResult): void {
    this.#answered = true;
    if (result.tag === "err") {
      this.#settle.reject(this.#errorOf(result.val));
      return;
    }
    const response = result.val;
    const { channel } = response;
    if (!response.hasBody) channel.endEmpty();
    this.#channel = channel;
    const body = this.#explained(channel);
    const takeWhole = () => channel.takeWhole();
    this.#settle.resolve({ status: response.statusCode(), headers: response.fields, body, takeWhole });
    response[Symbol.dispose]();
  }

  async *#explained(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    try {
      yield* body;
    } catch (error) {
      throw HostError.is(error) ? error : this.#invalid(messageOf(error));
    }
  }

  #errorOf({ tag, val }: HttpErrorCode): HostError {
    const text = typeof val === "string" ? cutText(`${tag}: ${val}`, MAX_TEXT) : tag;
    return new HostError("PLUGIN_ERROR", { plugin: this.#plugin, function: HANDLE, kind: kindOf(tag), text });
  }

  #invalid(reason: string): HostError {
    return new HostError("PLUGIN_ANSWER_INVALID", { plugin: this.#plugin, function: HANDLE, reason });
  }
}

/** The error of the contract that says what one of WASI says. */
function kindOf(tag: string): ErrorKind {
  if (tag === "HTTP-request-denied") return "denied";
  if (/^HTTP-request-.*(size|too-long)$/.test(tag)) return "limit-exceeded";
  if (tag.startsWith("HTTP-request-")) return "invalid-input";
  if (tag.endsWith("timeout")) return "timeout";
  if (/^(DNS|connection|destination)-/.test(tag)) return "unavailable";
  return "internal";
}
