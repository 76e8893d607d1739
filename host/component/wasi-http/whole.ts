import { HostError } from "../../core/error.ts";
import type { HttpRequest, HttpResponse } from "../contract/data.ts";
import type { StreamedRequest, StreamedResponse } from "./streamed.ts";

/** A request of the contract as a standard HTTP component takes it. */
export function toStreamed({ method, path, query, headers, body }: HttpRequest): StreamedRequest {
  const search = new URLSearchParams(query.map(({ name, value }) => [name, value])).toString();
  return {
    method,
    scheme: "HTTP",
    authority: headers.find(({ name }) => name === "host")?.value ?? "localhost",
    pathWithQuery: search === "" ? path : `${path}?${search}`,
    headers,
    body: body.length === 0 ? undefined : once(body),
  };
}

/** Who answers, and how much the whole answer may have in memory. */
interface Answering {
  readonly name: string;
  readonly limits: { readonly memoryBytes: number };
}

/**
 * An answer of a standard HTTP component as the contract has it.
 *
 * @throws HostError PLUGIN_ANSWER_INVALID when it is larger than a plugin of the contract could make it
 */
export async function toWhole(
  { status, headers, body, takeWhole }: StreamedResponse,
  { name: plugin, limits: { memoryBytes } }: Answering,
): Promise<HttpResponse> {
  const whole = takeWhole();
  if (whole) return { status, headers, body: whole };
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > memoryBytes) {
      const reason = `a body of more than ${memoryBytes} bytes, which has to be kept in memory here`;
      throw new HostError("PLUGIN_ANSWER_INVALID", { plugin, function: "incoming-handler.handle", reason });
    }
    pieces.push(piece);
  }
  return { status, headers, body: Buffer.concat(pieces) };
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(body);
}
