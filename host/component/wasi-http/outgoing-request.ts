import type { Field } from "../contract/data.ts";
import { EMPTY_ERROR } from "../wasi-error.ts";
import type { WasiResources } from "../wasi-resources.ts";
import { BodyChannel } from "./body-channel.ts";
import type { Fields } from "./fields.ts";
import { OutgoingBody } from "./outgoing-response.ts";

interface Case {
  readonly tag: string;
  readonly val?: string;
}

/** Nothing in it may end the host, begin a user, or stand for the beginning of a path. */
const AUTHORITY = /^[A-Za-z0-9._~:[\]-]+$/;

/** @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource outgoing-request` */
export class OutgoingRequest implements Disposable {
  readonly channel: BodyChannel;
  readonly #resources: WasiResources;
  readonly #fields: Fields;
  #method: Case = { tag: "get" };
  #scheme: Case | undefined;
  #authority: string | undefined;
  #path: string | undefined;
  #bodyTaken = false;

  /** Called by the plugin, which gives the headers away. */
  constructor(fields: Fields) {
    this.#resources = fields.resources;
    this.#fields = fields.frozen();
    fields[Symbol.dispose]();
    this.channel = new BodyChannel(this.#fields.contentLength(), "request");
    this.#resources.hold();
  }

  /** Whether somebody writes a body. */
  get hasBody(): boolean {
    return this.#bodyTaken;
  }

  get fields(): Field[] {
    return this.#fields.toFields();
  }

  /** In upper case, but for a method that has no case of its own. */
  get methodName(): string {
    return this.#method.val ?? this.#method.tag.toUpperCase();
  }

  /** Undefined without an authority. Where no scheme was set it is https. */
  get url(): string | undefined {
    if (this.#authority === undefined) return undefined;
    const scheme = this.#scheme?.val ?? this.#scheme?.tag.toLowerCase() ?? "https";
    return `${scheme}://${this.#authority}${this.#path ?? "/"}`;
  }

  method(): Case {
    return this.#method;
  }

  setMethod(method: Case): void {
    if (method.val !== undefined && !/^[A-Za-z-]{1,40}$/.test(method.val)) throw EMPTY_ERROR;
    this.#method = method;
  }

  pathWithQuery(): string | undefined {
    return this.#path;
  }

  setPathWithQuery(path: string | undefined): void {
    if (path !== undefined && path !== "" && !/^[/?]/.test(path)) throw EMPTY_ERROR;
    this.#path = path;
  }

  scheme(): Case | undefined {
    return this.#scheme;
  }

  setScheme(scheme: Case | undefined): void {
    if (scheme?.val !== undefined && !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme.val)) throw EMPTY_ERROR;
    this.#scheme = scheme;
  }

  authority(): string | undefined {
    return this.#authority;
  }

  setAuthority(authority: string | undefined): void {
    if (authority !== undefined && !AUTHORITY.test(authority)) throw EMPTY_ERROR;
    this.#authority = authority;
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
