import type { Field } from "../contract/data.ts";

/** A request whose body is read as the plugin asks for it. */
export interface StreamedRequest {
  /** In upper case. */
  readonly method: string;
  readonly scheme: "HTTP" | "HTTPS";
  /** Host and port, as the client named them. Components cannot do without. */
  readonly authority: string;
  /** "/users/7?x=1" */
  readonly pathWithQuery: string;
  readonly headers: readonly Field[];
  /** Undefined: it has none. */
  readonly body: AsyncIterable<Uint8Array> | undefined;
}

/** An answer whose body comes as the plugin makes it. */
export interface StreamedResponse {
  readonly status: number;
  readonly headers: Field[];
  /** To be read once, to its end or until `return`. Throws a HostError when the plugin ends before its body does. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Takes all of the body at once, if all of it is there: instead of reading it. */
  readonly takeWhole: () => Uint8Array | undefined;
}
