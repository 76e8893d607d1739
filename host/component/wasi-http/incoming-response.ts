import type { HttpResponseInit } from "../contract/data.ts";
import { EMPTY_ERROR } from "../wasi-error.ts";
import { Pollable, type PollSource } from "../wasi-io.ts";
import type { WasiResources } from "../wasi-resources.ts";
import { BodySource } from "./body-source.ts";
import { Fields } from "./fields.ts";
import { IncomingBody } from "./incoming-request.ts";
import type { HttpErrorCode } from "./response-outparam.ts";

/** What came of a request. */
export type HttpOutcome =
  | { readonly tag: "ok"; readonly val: HttpResponseInit }
  | { readonly tag: "err"; readonly val: HttpErrorCode };

/** @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource future-incoming-response` */
export class FutureIncomingResponse implements Disposable {
  readonly #resources: WasiResources;
  readonly #source: PollSource;
  readonly #over: () => void;
  #outcome: HttpOutcome | undefined;
  #taken = false;

  /** @param over Called once nothing of the exchange is held any more. */
  constructor(resources: WasiResources, outcome: Promise<HttpOutcome>, over: () => void) {
    this.#resources = resources;
    this.#over = over;
    const settled = outcome.then((came) => void (this.#outcome = came));
    this.#source = { ready: () => this.#outcome !== undefined, wait: () => settled };
    resources.hold();
  }

  subscribe(): Pollable {
    return new Pollable(this.#resources, this.#source);
  }

  /** Once there is an outcome: once. */
  get(): object | undefined {
    const outcome = this.#outcome;
    if (outcome === undefined) return undefined;
    if (this.#taken) return { tag: "err" };
    this.#taken = true;
    if (outcome.tag === "err") {
      this.#over();
      return { tag: "ok", val: outcome };
    }
    const response = new IncomingResponse(this.#resources, outcome.val, this.#over);
    // The body is the response's from now on.
    this.#outcome = { tag: "err", val: { tag: "internal-error" } };
    return { tag: "ok", val: { tag: "ok", val: response } };
  }

  [Symbol.dispose](): void {
    if (!this.#taken) this.#over();
    this.#resources.release();
  }
}

/** @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource incoming-response` */
export class IncomingResponse implements Disposable {
  readonly #resources: WasiResources;
  readonly #response: HttpResponseInit;
  readonly #over: () => void;
  #consumed = false;

  constructor(resources: WasiResources, response: HttpResponseInit, over: () => void) {
    this.#resources = resources;
    this.#response = response;
    this.#over = over;
    resources.hold();
  }

  status(): number {
    return this.#response.status;
  }

  headers(): Fields {
    return Fields.from(this.#resources, this.#response.headers ?? []);
  }

  /** Once. */
  consume(): IncomingBody {
    if (this.#consumed) throw EMPTY_ERROR;
    this.#consumed = true;
    return new IncomingBody(this.#resources, new BodySource(pieceOf(this.#response)), this.#over);
  }

  [Symbol.dispose](): void {
    if (!this.#consumed) this.#over();
    this.#resources.release();
  }
}

async function* pieceOf({ body }: HttpResponseInit): AsyncGenerator<Uint8Array, void> {
  if (body !== undefined) yield typeof body === "string" ? Buffer.from(body) : body;
}
