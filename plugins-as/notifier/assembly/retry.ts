import { ErrorKind, logger, PluginError, random, timer } from "tusk-plugin-as";
import { Settings } from "./settings";

/** Something that may work at a later attempt. */
export abstract class Delivery {
  /** Null when it worked. */
  abstract attempt(): PluginError | null;
}

/** Attempts it until it works, or cannot work, or was attempted as often as the settings say. */
export function deliver(delivery: Delivery, settings: Settings): PluginError | null {
  let delayMs = settings.firstDelayMs;
  let left = settings.attempts;
  while (true) {
    const error = delivery.attempt();
    if (!error || !mayPass(error)) return error;
    if (--left == 0) return PluginError.unavailable(`${settings.attempts} attempts failed: ${error.message}`);
    const pauseMs = jittered(min(delayMs, settings.maxDelayMs));
    logger.warn(`${error.message} Trying again in ${pauseMs} ms.`);
    timer.sleep(pauseMs);
    delayMs = min(delayMs, settings.maxDelayMs) * 2;
  }
}

/** Whether the same may work later. */
function mayPass(error: PluginError): bool {
  return error.kind == ErrorKind.Unavailable || error.kind == ErrorKind.Timeout;
}

/** Half of a delay to all of it, so that those who failed together do not come back together. */
function jittered(delayMs: u32): u32 {
  const half = delayMs / 2;
  return half + <u32>(random.u64() % (<u64>(delayMs - half) + 1));
}
