import { z } from "zod";
import { HostError, messageOf } from "../core/error.ts";
import { parseJson } from "../marshal/json-text.ts";

/**
 * How a host is spoken to: a connection carries one request, which is a line of JSON, and its answer, which is a
 * line for each item, if the request has any, and a last line with the result or the error. Bytes and integers of
 * 64 bits are written as `compactJson` writes them. Whoever closes the connection takes the request back.
 */
export const PROTOCOL = 1;

/** Of the line that is the request: a call may carry a file. */
export const MAX_REQUEST_BYTES = 32 * 2 ** 20;

const protocol = z.literal(PROTOCOL);
const plugin = z.string().min(1).max(255);
const name = z.string().min(1).max(100);

const request = z.discriminatedUnion("command", [
  z.strictObject({ protocol, command: z.enum(["status", "list"]) }),
  z.strictObject({ protocol, command: z.enum(["disable", "enable"]), plugin }),
  z.strictObject({ protocol, command: z.literal("rollback"), plugin, to: name.optional() }),
  z.strictObject({ protocol, command: z.literal("reload"), plugin, older: z.boolean().optional() }),
  z.strictObject({
    protocol,
    command: z.literal("call"),
    plugin,
    capability: name,
    function: name,
    args: z.array(z.unknown()).max(16),
  }),
  z.strictObject({
    protocol,
    command: z.literal("logs"),
    plugin: plugin.optional(),
    /** Only what was logged for the request of this id. */
    request: z.string().min(1).max(200).optional(),
    /** How many of those that were, at most. */
    lines: z.number().int().min(0).max(100_000),
    /** Whether those that will be, too. */
    follow: z.boolean(),
  }),
]);

/** What somebody wants of a host that runs. */
export type ControlRequest = z.output<typeof request>;

/** A line of an answer. */
export type ControlAnswer =
  | { readonly type: "item"; readonly item: unknown }
  | { readonly type: "result"; readonly result: unknown }
  | { readonly type: "error"; readonly error: RemoteError };

/** A `HostError` on its way. */
export interface RemoteError {
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
  /** What was beneath it, for a person, where the message refers to that. */
  readonly cause?: string | undefined;
}

/** @throws HostError CONTROL_REQUEST_INVALID */
export function parseRequest(line: string): ControlRequest {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (error) {
    throw new HostError(
      "CONTROL_REQUEST_INVALID",
      { reason: `it is no JSON: ${messageOf(error)}` },
      { cause: error },
    );
  }
  const { data, error } = request.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  const reason = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it is wrong"}`;
  throw new HostError("CONTROL_REQUEST_INVALID", { reason });
}
