import { HostError } from "../../core/error.ts";
import type { Subject } from "../subject.ts";

/** Something that is looked at in plugins. */
export interface PluginCheck {
  /** What is true of a plugin that passes: "answers SELECT 1 AS test". */
  readonly name: string;
  /** The interface that a plugin exports for this to make sense; all plugins are looked at without one. */
  readonly capability?: string;
  /** Throws when it is not so. */
  run(subject: Subject): Promise<void>;
}

/**
 * What came of asking: an answer, or an error of the contract. Both are right where a plugin may say no.
 *
 * @throws HostError when it was neither: the plugin trapped, or reached a limit
 */
export async function answered(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (HostError.is(error, "PLUGIN_ERROR")) return undefined;
    throw error;
  }
}
