import { HostError } from "../../host/core/error.ts";

/** How reading something ended: "read", or the code of the error. Throws what has none, or is the host's fault. */
export function endOf(read: () => unknown): string {
  try {
    read();
    return "read";
  } catch (error) {
    if (HostError.is(error) && error.code !== "HOST_FAULT") return error.code;
    throw error;
  }
}
