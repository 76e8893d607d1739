import { emitWarning } from "node:process";
import { inspect } from "node:util";
import { HostError } from "./error.ts";

/** Takes what went wrong in the host itself while nobody waited for it. */
export type FaultSink = (error: HostError<"HOST_FAULT">) => void;

/** Takes what the host was doing, in the past tense, and what was thrown. Does not throw. */
export type FaultTeller = (doing: string, thrown: unknown) => void;

/**
 * Makes what tells of something that went wrong where nobody waits: told, it does not end the process.
 *
 * @param sink Without one, or where that fails itself, it is a warning of the process.
 */
export function createFaultTeller(sink: FaultSink = warn): FaultTeller {
  return (doing, thrown) => {
    const error = new HostError("HOST_FAULT", { doing }, { cause: thrown });
    try {
      sink(error);
    } catch {
      warn(error);
    }
  };
}

function warn(error: HostError<"HOST_FAULT">): void {
  // Node prints it below the message.
  emitWarning(Object.assign(error, { detail: inspect(error.cause) }));
}
