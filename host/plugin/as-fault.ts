import { HostError } from "../core/error.ts";

/** What went wrong when a plugin was changed. What is no HostError is a fault of the host, and told as one. */
export function asFault(plugin: string, error: unknown): HostError {
  return HostError.is(error)
    ? error
    : new HostError("HOST_FAULT", { doing: `changed plugin ${plugin}` }, { cause: error });
}
