import { HostError } from "../../core/error.ts";
import type { InstanceStreams } from "./instance-streams.ts";
import type { StreamExchange } from "./stream-exchange.ts";

/**
 * Has an instance answer the request of an exchange. Nothing of it may be used once the instance is another call's.
 *
 * @param streams Those of the instance; undefined if it does not import them.
 * @param call Calls `handle-stream`.
 * @throws HostError PLUGIN_ANSWER_INVALID when it has not answered to the end, or whatever else ends the call
 */
export async function answerStream(
  exchange: StreamExchange,
  streams: InstanceStreams | undefined,
  call: () => Promise<unknown>,
): Promise<void> {
  streams?.begin(exchange);
  try {
    exchange.returned(await refusalOf(call()));
    exchange.close();
  } catch (error) {
    exchange.close(error);
    throw error;
  } finally {
    streams?.end();
  }
}

/** The error with which a plugin answered, if so. @throws HostError for whatever else ended the call */
async function refusalOf(call: Promise<unknown>): Promise<HostError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (HostError.is(error, "PLUGIN_ERROR")) return error;
    throw error;
  }
}
