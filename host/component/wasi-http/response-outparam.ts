import type { OutgoingResponse } from "./outgoing-response.ts";

/** The `error-code` of WASI. */
export interface HttpErrorCode {
  readonly tag: string;
  readonly val?: unknown;
}

/** What a plugin says to a request: an answer, or why there is none. */
export type OutgoingResult =
  | { readonly tag: "ok"; readonly val: OutgoingResponse }
  | { readonly tag: "err"; readonly val: HttpErrorCode };

/** @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource response-outparam` */
export class ResponseOutparam {
  readonly #answer: (result: OutgoingResult) => void;

  /** Called by the plugin, which gives both away. */
  static set(outparam: ResponseOutparam, result: OutgoingResult): void {
    outparam.#answer(result);
  }

  constructor(answer: (result: OutgoingResult) => void) {
    this.#answer = answer;
  }
}
