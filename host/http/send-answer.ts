import type { ServerResponse } from "node:http";
import type { Field, HttpResponse } from "../component/contract/data.ts";

/** What a plugin says of these is dropped: they describe the connection, which is the host's. */
const HOST_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-request-id",
]);

/** How long a client may go on sending what nobody reads, so that it gets to see the answer. */
export const LINGER_MS = 1_000;

/**
 * Node writes the head and a text together, and the head and bytes one after the other, which takes longer
 * than to make a text of so few bytes: in Latin-1 every byte is a character and none is changed.
 */
const MAX_JOINED_BYTES = 16_384;

export interface SendOptions {
  readonly requestId: string;
  /** Whether the connection ends with this answer. */
  readonly last: boolean;
  /** Whether the client may still be sending. */
  readonly unread: boolean;
}

/** @param answer One that `checkAnswer` let pass. */
export function sendAnswer(
  response: ServerResponse,
  { status, headers, body }: HttpResponse,
  { requestId, last, unread }: SendOptions,
): void {
  const head = headOf(headers, requestId);
  const bodiless = status === 204 || status === 304;
  if (!bodiless) head.push("content-length", String(body.length));
  if (last || unread) head.push("connection", "close");
  response.writeHead(status, head);
  if (unread) endAfterLingering(response, body);
  else if (bodiless) response.end();
  else if (body.length > MAX_JOINED_BYTES) response.end(body);
  else response.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString("latin1"), "latin1");
}

/** What a plugin and the host say in the head of an answer, as Node takes it. */
export function headOf(headers: readonly Field[], requestId: string): string[] {
  const head = ["x-request-id", requestId];
  for (const { name, value } of headers) {
    if (!HOST_HEADERS.has(name.toLowerCase())) head.push(name, value);
  }
  return head;
}

/** Closing while the client sends would reset the connection, and the answer would be lost with it. */
function endAfterLingering(response: ServerResponse, body: Uint8Array): void {
  response.write(body);
  const end = () => response.end();
  const timer = setTimeout(end, LINGER_MS);
  response.once("close", () => clearTimeout(timer));
  response.req.once("end", end).resume();
}
