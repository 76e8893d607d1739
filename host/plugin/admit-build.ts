import { type InspectedComponent, inspectComponent } from "../component/loader.ts";
import type { InspectionSettings, PluginSettings } from "../config/settings.ts";
import { verifyFindings } from "../security/inspection/verify-findings.ts";
import type { Sidecars } from "../security/trust/find-signers.ts";
import type { Admission, TrustGate } from "../security/trust/trust-gate.ts";
import type { FoundBuild } from "./build-store.ts";
import type { SwapCause } from "./events.ts";

/** What decides whether a build may run. */
export interface BuildGates {
  readonly trust: TrustGate;
  /** What is refused although it could be run. */
  readonly inspection: () => InspectionSettings;
}

/** How a build is taken. */
export interface TakeOptions {
  /** "change" by default. */
  readonly cause?: SwapCause | undefined;
  /** Whether it may be of an older version than the one that was trusted last. Not by default. */
  readonly older?: boolean | undefined;
}

/** A build that may be started. */
export interface AdmittedBuild {
  readonly component: InspectedComponent;
  /** The signatures that stood beside it. */
  readonly sidecars: Sidecars;
  readonly admission: Admission;
}

/**
 * Decides whether any of a build may run.
 *
 * @throws HostError with the reason why it may not
 */
export async function admitBuild(
  { bytes, sidecars }: FoundBuild,
  settings: PluginSettings,
  { older = false }: TakeOptions,
  { trust, inspection }: BuildGates,
): Promise<AdmittedBuild> {
  const { name: plugin } = settings;
  const admission = await trust.admit({ bytes, sidecars, settings, older });
  const component = inspectComponent(bytes, plugin);
  verifyFindings(bytes, plugin, component.shape.otherExports, inspection());
  return { component, sidecars, admission };
}
