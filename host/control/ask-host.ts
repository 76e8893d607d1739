import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { ERRORS } from "../core/error-codes.ts";
import { type ErrorCode, HostError, messageOf } from "../core/error.ts";
import { compactJson, parseJson } from "../marshal/json-text.ts";
import { verifyPrivateFolder } from "./private-folder.ts";
import { type ControlAnswer, type ControlRequest, PROTOCOL, type RemoteError } from "./protocol.ts";
import { readLines } from "./read-lines.ts";

/** Of a line: an answer of a plugin may be large. */
const MAX_ANSWER_BYTES = 512 * 2 ** 20;

/** A request, without what is the same in all of them. */
export type HostQuestion = ControlRequest extends infer R
  ? R extends ControlRequest
    ? Omit<R, "protocol">
    : never
  : never;

/**
 * Asks the host that listens at an address.
 *
 * @param onItem Is given the items that come before the result.
 * @returns The result.
 * @throws HostError HOST_NOT_RUNNING when nobody listens there
 * @throws HostError CONTROL_UNUSABLE when what is there may be another user's
 * @throws HostError CONTROL_LOST when the host has gone before it answered, or with the error that it answered
 */
export async function askHost(
  address: string,
  question: HostQuestion,
  onItem: (item: unknown) => void = () => undefined,
): Promise<unknown> {
  const socket = await connectTo(address);
  try {
    socket.write(`${compactJson({ protocol: PROTOCOL, ...question })}\n`);
    for await (const line of readLines(socket, MAX_ANSWER_BYTES)) {
      const answer = parseJson(line) as ControlAnswer;
      if (answer.type === "result") return answer.result;
      if (answer.type === "error") throw asHostError(answer.error);
      onItem(answer.item);
    }
  } catch (error) {
    if (HostError.is(error)) throw error;
    throw new HostError("CONTROL_LOST", { address, reason: messageOf(error) }, { cause: error });
  } finally {
    socket.destroy();
  }
  throw new HostError("CONTROL_LOST", { address, reason: "it closed the connection" });
}

async function connectTo(address: string): Promise<Socket> {
  const isThere = address.startsWith("\\\\") || (await verifyPrivateFolder(dirname(address)));
  if (!isThere) throw new HostError("HOST_NOT_RUNNING", { address });
  const socket = connect({ path: address });
  try {
    await once(socket, "connect");
    return socket;
  } catch (error) {
    throw new HostError("HOST_NOT_RUNNING", { address }, { cause: error });
  }
}

/** The error as it was thrown there: the same version of this package makes the same of the same details. */
function asHostError({ code, details, cause }: RemoteError): HostError {
  if (!Object.hasOwn(ERRORS, code)) return new HostError("CONTROL_REQUEST_INVALID", { reason: code });
  return new HostError(
    code as ErrorCode,
    details as never,
    cause === undefined ? undefined : { cause: remoteCause(cause) },
  );
}

/** Prints as it was printed there. */
function remoteCause(text: string): object {
  return { [Symbol.for("nodejs.util.inspect.custom")]: () => text };
}
