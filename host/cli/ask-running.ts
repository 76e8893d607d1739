import { existsSync } from "node:fs";
import { askHost, type HostQuestion } from "../control/ask-host.ts";
import { HostError } from "../core/error.ts";
import { controlPlace } from "./control-place.ts";
import type { LoadOptions } from "./find-settings.ts";

/** What commands have in common that ask a host which runs, and can do without. */
export interface AloneOptions extends LoadOptions {
  /** Whether it is not asked. */
  readonly alone?: true;
}

/** What tells which host is meant. */
export interface HostOptions {
  readonly config?: string;
  readonly folder?: string;
}

/**
 * Asks the host that runs on these settings.
 *
 * @throws HostError SETTINGS_UNREADABLE when there are no such settings
 * @throws HostError HOST_NOT_RUNNING, CONTROL_UNUSABLE, CONTROL_LOST, or what the host answers
 */
export async function askRunning(
  { config, ...options }: HostOptions,
  question: HostQuestion,
  onItem?: (item: unknown) => void,
): Promise<unknown> {
  try {
    return await askHost(await controlPlace(config, options), question, onItem);
  } catch (error) {
    if (config === undefined || existsSync(config) || !HostError.is(error, "HOST_NOT_RUNNING")) throw error;
    // A name that was taken for settings: of a plugin, as often as not.
    throw new HostError(
      "SETTINGS_UNREADABLE",
      { file: config, reason: "there is no such file" },
      { cause: error },
    );
  }
}

/** The same where the answer can be had without a host: nothing if none runs, or none that can be trusted. */
export async function askIfRunning(
  config: string | undefined,
  { alone, folder }: AloneOptions,
  question: HostQuestion,
): Promise<{ readonly answer: unknown } | undefined> {
  if (alone) return undefined;
  try {
    return { answer: await askRunning({ ...(config && { config }), ...(folder && { folder }) }, question) };
  } catch (error) {
    if (HostError.is(error, "HOST_NOT_RUNNING") || HostError.is(error, "CONTROL_UNUSABLE")) return undefined;
    throw error;
  }
}
