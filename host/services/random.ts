import { randomBytes } from "node:crypto";
import type { RandomService } from "../component/contract/services.ts";
import { HostError } from "../core/error.ts";

/** Asking for more bytes than this at once ends the instance. @see wit/services.wit */
export const MAX_RANDOM_BYTES = 65_536;

/**
 * The service `random`, from the system's generator for secrets.
 *
 * `getBytes` throws HostError SERVICE_MISUSED when more than `MAX_RANDOM_BYTES` are asked for: the function
 * has no error to give to the plugin, so its instance ends.
 */
export function createRandomService(plugin: string): RandomService {
  return {
    getBytes(length) {
      if (length > MAX_RANDOM_BYTES) {
        const reason = `${length} bytes were asked for at once, and ${MAX_RANDOM_BYTES} is the most`;
        throw new HostError("SERVICE_MISUSED", { plugin, function: "random.get-bytes", reason });
      }
      return new Uint8Array(randomBytes(length));
    },
    getU64: () => randomBytes(8).readBigUInt64LE(),
  };
}
