import type { StreamRequestInit } from "../../component/contract/data.ts";

/** The body of a request in pieces, whatever form its sender gave it. Undefined: it has none. */
export function requestPieces(body: StreamRequestInit["body"]): AsyncIterable<Uint8Array> | undefined {
  if (body === undefined) return undefined;
  return typeof body === "string" || body instanceof Uint8Array ? once(body) : body;
}

async function* once(body: string | Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(typeof body === "string" ? Buffer.from(body) : body);
}
