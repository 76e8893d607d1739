import { EMPTY_ERROR } from "../wasi-error.ts";
import type { Field } from "../contract/data.ts";
import type { WasiResources } from "../wasi-resources.ts";
import { OutputStream } from "../wasi-io.ts";
import { BodyChannel } from "./body-channel.ts";
import type { Fields } from "./fields.ts";

/** @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource outgoing-response` */
export class OutgoingResponse implements Disposable {
  readonly channel: BodyChannel;
  readonly #resources: WasiResources;
  readonly #fields: Fields;
  #status = 200;
  #bodyTaken = false;

  /** Called by the plugin, which gives the headers away. */
  constructor(fields: Fields) {
    this.#resources = fields.resources;
    this.#fields = fields.frozen();
    fields[Symbol.dispose]();
    this.channel = new BodyChannel(this.#fields.contentLength(), "response");
    this.#resources.hold();
  }

  /** Whether somebody writes a body. */
  get hasBody(): boolean {
    return this.#bodyTaken;
  }

  get fields(): Field[] {
    return this.#fields.toFields();
  }

  statusCode(): number {
    return this.#status;
  }

  setStatusCode(status: number): void {
    if (!Number.isInteger(status) || status < 100 || status > 999) throw EMPTY_ERROR;
    this.#status = status;
  }

  headers(): Fields {
    return this.#fields.frozen();
  }

  /** Once. */
  body(): OutgoingBody {
    if (this.#bodyTaken) throw EMPTY_ERROR;
    this.#bodyTaken = true;
    return new OutgoingBody(this.#resources, this.channel);
  }

  [Symbol.dispose](): void {
    this.#fields[Symbol.dispose]();
    this.#resources.release();
  }
}

/** @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource outgoing-body` */
export class OutgoingBody implements Disposable {
  readonly #resources: WasiResources;
  readonly #channel: BodyChannel;
  #streamed = false;

  /** Called by the plugin, which gives the body away. Trailers are not sent. */
  static finish(body: OutgoingBody, trailers: Fields | undefined): void {
    trailers?.[Symbol.dispose]();
    try {
      body.#channel.end();
    } finally {
      body[Symbol.dispose]();
    }
  }

  constructor(resources: WasiResources, channel: BodyChannel) {
    this.#resources = resources;
    this.#channel = channel;
    resources.hold();
  }

  /** Once. */
  write(): OutputStream {
    if (this.#streamed) throw EMPTY_ERROR;
    this.#streamed = true;
    return new OutputStream(this.#resources, this.#channel);
  }

  /** A body that was not finished is not whole. */
  [Symbol.dispose](): void {
    // To make an error takes longer than all else that becomes of a body.
    if (this.#channel.isOpen) this.#channel.fail(new Error("a body that it dropped before it was finished"));
    this.#resources.release();
  }
}
