import type { IncomingMessage } from "node:http";

const NO_BODY = new Uint8Array();

/** Whether a body follows the head of a request. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || !["0", undefined].includes(headers["content-length"]);
}

/** Whether the client says itself that it sends more than `maxBytes`. */
export function isAnnouncedLarger({ headers }: IncomingMessage, maxBytes: number): boolean {
  return Number(headers["content-length"] ?? 0) > maxBytes;
}

/**
 * Reads a request's body.
 *
 * @returns Undefined as soon as it is larger than `maxBytes`; the rest is then left to the caller.
 * @throws Error when the client is gone before the end
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  if (!hasBody(request)) return NO_BODY;
  if (isAnnouncedLarger(request, maxBytes)) return undefined;
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>();
  request.on("data", (chunk: Uint8Array) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= maxBytes) chunks.push(chunk);
    else resolve(undefined);
  });
  request.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
  request.once("error", reject);
  try {
    return await promise;
  } finally {
    request.removeAllListeners("data").pause();
  }
}
