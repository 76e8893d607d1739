import { readFile } from "node:fs/promises";
import { type InspectedComponent, inspectComponent } from "../component/loader.ts";
import type { InspectionSettings, PluginSettings } from "../config/settings.ts";
import { HostError, messageOf } from "../core/error.ts";
import { verifyFindings } from "../security/inspection/verify-findings.ts";
import type { Admission, TrustGate } from "../security/trust/trust-gate.ts";

/** What decides whether a build may run. */
export interface BuildGates {
  readonly trust: TrustGate;
  /** What is refused although it could be run. */
  readonly inspection: () => InspectionSettings;
}

/** How a build is taken. */
export interface TakeOptions {
  /** Whether it may be of an older version than the one that was trusted last. Not by default. */
  readonly rollback?: boolean | undefined;
}

/** A build that was read, and may be started. */
export interface AdmittedBuild {
  readonly component: InspectedComponent;
  readonly admission: Admission;
}

/**
 * Reads the build that is in a plugin's file now, and decides whether any of it may run.
 *
 * @throws HostError FILE_UNREADABLE, or with the reason why it may not
 */
export async function admitBuild(
  settings: PluginSettings,
  { rollback = false }: TakeOptions,
  { trust, inspection }: BuildGates,
): Promise<AdmittedBuild> {
  const { name: plugin, path: file } = settings;
  try {
    const bytes = await readFile(file);
    const admission = await trust.admit({ bytes, settings, rollback });
    const component = inspectComponent(bytes, plugin);
    verifyFindings(bytes, plugin, component.shape.otherExports, inspection());
    return { component, admission };
  } catch (error) {
    if (HostError.is(error)) throw error;
    throw new HostError("FILE_UNREADABLE", { plugin, file, reason: messageOf(error) }, { cause: error });
  }
}
