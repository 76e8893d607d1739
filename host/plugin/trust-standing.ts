import type { PluginInfo } from "../component/contract/data.ts";
import type { HostError } from "../core/error.ts";
import type { Admission, TrustVerdict } from "../security/trust/trust-gate.ts";
import { asFault } from "./as-fault.ts";

/** Why the build that serves is trusted, or is not. */
export class TrustStanding {
  #verdict: TrustVerdict | undefined;
  #warnings: readonly HostError[] = [];

  get verdict(): TrustVerdict | undefined {
    return this.#verdict;
  }

  /** What would have refused it if its trust were "require". */
  get warnings(): readonly HostError[] {
    return this.#warnings;
  }

  /** A build serves that was let in so. @returns Warnings that there were not before. */
  async take(admission: Admission, info: PluginInfo): Promise<HostError[]> {
    this.#verdict = admission.verdict;
    const warnings = [...admission.warnings];
    await admission.settle(info).catch((error: unknown) => warnings.push(asFault(info.name, error)));
    const known = new Set(this.#warnings.map(({ message }) => message));
    this.#warnings = warnings;
    return warnings.filter(({ message }) => !known.has(message));
  }
}
