import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { StreamedResponse } from "../component/wasi-http/streamed.ts";
import { headOf, LINGER_MS, type SendOptions } from "./send-answer.ts";

/** What was sent of an answer. */
export interface Sent {
  /** Of its body. */
  readonly sizeBytes: number;
  /** Why no more, if there was more. */
  readonly error?: unknown;
}

/**
 * Sends an answer as it is made, as fast as the client takes it. The connection is cut where the body breaks
 * off, so that no client takes what it has for the whole.
 *
 * @param answer One that `checkAnswer` let pass.
 */
export async function sendStream(
  response: ServerResponse,
  { status, headers, body }: Pick<StreamedResponse, "status" | "headers" | "body">,
  { requestId, last }: Pick<SendOptions, "requestId" | "last">,
): Promise<Sent> {
  const head = headOf(headers, requestId);
  const length = headers.find(({ name }) => name.toLowerCase() === "content-length")?.value;
  const bodiless = status === 204 || status === 304;
  if (length !== undefined && /^\d{1,15}$/.test(length) && !bodiless) head.push("content-length", length);
  // Middleware may have changed it, and what is too much would be the beginning of the next answer.
  response.strictContentLength = true;
  if (last) head.push("connection", "close");
  // What comes in this turn of the event loop goes with the head. Whoever waits for events wants to know that they may.
  response.cork();
  setImmediate(() => response.uncork());
  response.writeHead(status, head);
  response.flushHeaders();
  let sizeBytes = 0;
  try {
    for await (const piece of body) {
      if (response.destroyed) break;
      if (bodiless || response.req.method === "HEAD") continue;
      sizeBytes += piece.length;
      if (!response.write(piece)) await drained(response);
    }
    response.end();
  } catch (error) {
    response.destroy();
    return { sizeBytes, error };
  }
  if (!response.req.complete) cutAfterLingering(response);
  return { sizeBytes };
}

/** The client takes more, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const stop = new AbortController();
  const { signal } = stop;
  const events = ["drain", "close"].map((event) => once(response, event, { signal }));
  await Promise.race(events);
  stop.abort();
  for (const event of events) event.catch(() => undefined);
}

/** The plugin has answered, and the client goes on sending what nobody reads. */
function cutAfterLingering({ req }: ServerResponse): void {
  const timer = setTimeout(() => req.socket.destroy(), LINGER_MS);
  req.once("close", () => clearTimeout(timer)).resume();
}
