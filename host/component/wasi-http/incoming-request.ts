import { EMPTY_ERROR } from "../wasi-error.ts";
import { InputStream, Pollable } from "../wasi-io.ts";
import type { WasiResources } from "../wasi-resources.ts";
import type { BodySource } from "./body-source.ts";
import { Fields } from "./fields.ts";
import type { StreamedRequest } from "./streamed.ts";

/** The methods that have a case of their own. */
const METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "CONNECT",
  "OPTIONS",
  "TRACE",
  "PATCH",
]);

/** @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource incoming-request` */
export class IncomingRequest implements Disposable {
  readonly #resources: WasiResources;
  readonly #request: StreamedRequest;
  readonly #source: BodySource;
  #consumed = false;

  constructor(resources: WasiResources, request: StreamedRequest, source: BodySource) {
    this.#resources = resources;
    this.#request = request;
    this.#source = source;
    resources.hold();
  }

  method(): { tag: string; val?: string } {
    const { method } = this.#request;
    return METHODS.has(method) ? { tag: method.toLowerCase() } : { tag: "other", val: method };
  }

  pathWithQuery(): string {
    return this.#request.pathWithQuery;
  }

  scheme(): { tag: string } {
    return { tag: this.#request.scheme };
  }

  authority(): string {
    return this.#request.authority;
  }

  headers(): Fields {
    return Fields.from(this.#resources, this.#request.headers);
  }

  /** Once. */
  consume(): IncomingBody {
    if (this.#consumed) throw EMPTY_ERROR;
    this.#consumed = true;
    return new IncomingBody(this.#resources, this.#source);
  }

  [Symbol.dispose](): void {
    this.#resources.release();
  }
}

/** @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource incoming-body` */
export class IncomingBody implements Disposable {
  readonly #resources: WasiResources;
  readonly #source: BodySource;
  readonly #dropped: (() => void) | undefined;
  #streamed = false;

  /** Called by the plugin, which gives the body away. */
  static finish(body: IncomingBody): FutureTrailers {
    const resources = body.#resources;
    body[Symbol.dispose]();
    return new FutureTrailers(resources);
  }

  /** @param dropped Called when nobody can read it any more. */
  constructor(resources: WasiResources, source: BodySource, dropped?: () => void) {
    this.#dropped = dropped;
    this.#resources = resources;
    this.#source = source;
    resources.hold();
  }

  /** Once. */
  stream(): InputStream {
    if (this.#streamed) throw EMPTY_ERROR;
    this.#streamed = true;
    return new InputStream(this.#resources, this.#source);
  }

  [Symbol.dispose](): void {
    this.#dropped?.();
    this.#resources.release();
  }
}

/** What comes after a body: nothing, here. */
export class FutureTrailers implements Disposable {
  readonly #resources: WasiResources;
  #taken = false;

  constructor(resources: WasiResources) {
    this.#resources = resources;
    resources.hold();
  }

  subscribe(): Pollable {
    return new Pollable(this.#resources);
  }

  /** Once. */
  get(): object {
    if (this.#taken) return { tag: "err" };
    this.#taken = true;
    return { tag: "ok", val: { tag: "ok", val: undefined } };
  }

  [Symbol.dispose](): void {
    this.#resources.release();
  }
}
