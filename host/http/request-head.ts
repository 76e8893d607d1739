import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Field } from "../component/contract/data.ts";

/** Where a request goes. */
export interface RequestTarget {
  /** As sent, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
}

/**
 * Takes apart what stands between method and version in a request's first line: a path, or a whole URL as
 * clients send it to a proxy. Undefined if it is neither.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  const local = target.startsWith("/") ? target : target.replace(/^https?:\/\/[^/?#]+\/?/i, "/");
  if (!local.startsWith("/") || local.includes("#")) return undefined;
  const mark = local.indexOf("?");
  return mark < 0 ? { path: local, query: "" } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/** The parameters of a query in their order, decoded: "+" is a blank, and what is no UTF-8 becomes U+FFFD. */
export function parseQuery(query: string): Field[] {
  if (query === "") return [];
  return Array.from(new URLSearchParams(query), ([name, value]) => ({ name, value }));
}

/** A request's headers in their order, those that stand repeatedly repeatedly, their names in lower case. */
export function headersOf({ rawHeaders }: IncomingMessage): Field[] {
  const fields: Field[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    fields.push({ name: rawHeaders[i]?.toLowerCase() ?? "", value: rawHeaders[i + 1] ?? "" });
  }
  return fields;
}

/** The id that the client gave its request, if it is fit for a log, or a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w.:+/=-]{1,128}$/.test(given) ? given : randomUUID();
}
