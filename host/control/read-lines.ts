import type { Socket } from "node:net";
import { HostError } from "../core/error.ts";

const LINE_FEED = 10;

/**
 * The lines that come in, without their ends. What comes after the last one is left out,
 * and the socket stays open when nobody wants more.
 *
 * @param maxBytes Of a line.
 * @throws HostError CONTROL_REQUEST_INVALID when one is longer
 */
export async function* readLines(socket: Socket, maxBytes: number): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const line = Buffer.concat([...pending, chunk.subarray(start, end)]);
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      yield line.toString();
    }
    pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > maxBytes) {
      throw new HostError("CONTROL_REQUEST_INVALID", { reason: `it is longer than ${maxBytes} bytes` });
    }
  }
}
