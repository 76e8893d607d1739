import type { HostError } from "../core/error.ts";
import type { PluginState } from "../core/lifecycle.ts";
import type { PluginInfo, Route } from "../component/contract/data.ts";
import type { CapabilityName } from "../component/contract/exports.ts";
import type { PluginKind } from "../component/plugin-kind.ts";
import type { CircuitState } from "../engine/circuit-breaker.ts";
import type { MemoryReport } from "../engine/memory-meter.ts";
import type { StoredBuild } from "./build-store.ts";
import type { HealthReport } from "./health-watch.ts";
import type { TrustVerdict } from "../security/trust/trust-gate.ts";
import type { Plugin } from "./plugin.ts";

/** How a plugin does, at one moment. */
export interface PluginStatus {
  readonly name: string;
  readonly state: PluginState;
  readonly file: string;
  /** Everything below is of the generation that serves, and missing when none does. */
  readonly info?: PluginInfo | undefined;
  /** Counts from 1, over builds that were taken and builds that were not. */
  readonly generation?: number | undefined;
  /** What its file is: a component, or a core module of one of two kinds. */
  readonly kind?: PluginKind | undefined;
  /** SHA-256 of the build. */
  readonly hash?: string | undefined;
  /** The build that a rollback would bring back, if there is one. */
  readonly previous?: { readonly hash: string; readonly version: string } | undefined;
  /** All that a rollback can bring back, `previous` first. */
  readonly earlier: readonly StoredBuild[];
  /**
   * SHA-256 of what its file holds, if a rollback passes it over: it is not taken until the file changes, or a
   * reload is asked for.
   */
  readonly passedOver?: string | undefined;
  /** Why it is trusted, or that it is not. */
  readonly trust?: (TrustVerdict & { readonly warnings: readonly Problem[] }) | undefined;
  /** Milliseconds from its file to its first call. */
  readonly loadMs?: number | undefined;
  readonly capabilities: readonly CapabilityName[];
  /** What it answers, if it is an HTTP plugin. */
  readonly routes: readonly Route[];
  /** What it answers with bodies that are streams. */
  readonly streamRoutes: readonly Route[];
  /** Below which path they are served: "/shop". Empty: as they stand. */
  readonly mount: string;
  /** Whether it is a standard HTTP component, through which bodies go as streams. */
  readonly streams: boolean;
  readonly memory?: MemoryReport | undefined;
  readonly circuit?: CircuitState | undefined;
  /** What it said when its health was last checked, if it exports that. */
  readonly health?: HealthReport | undefined;
  readonly traffic?:
    | {
        readonly calls: number;
        readonly failures: number;
        readonly busy: number;
        readonly waiting: number;
        readonly instances: number;
        /** What its calls cost so far, about one for each instruction: the same on every run with `fuel: "exact"`. */
        readonly fuelUsed: number;
      }
    | undefined;
  /** Why it does not serve, or why its newest build was not taken. */
  readonly problem?: Problem | undefined;
}

/** Why a plugin, or a build of it, is not what it should be. */
export interface Problem {
  readonly code: string;
  readonly message: string;
}

export function statusOf(plugin: Plugin): PluginStatus {
  const { serving, lastRefusal, builds } = plugin;
  const [previous] = builds.earlier;
  return {
    name: plugin.name,
    state: plugin.state,
    file: plugin.settings.path,
    info: serving?.info,
    generation: serving?.number,
    kind: serving?.component.kind,
    hash: plugin.hash,
    previous: previous && { hash: previous.hash, version: previous.version },
    earlier: builds.earlier,
    passedOver: builds.passedOver,
    trust: plugin.verdict && { ...plugin.verdict, warnings: plugin.warnings.map(problemOf) },
    loadMs: serving && plugin.loadMs,
    capabilities: serving?.component.shape.capabilities ?? [],
    routes: serving?.routes ?? [],
    streamRoutes: serving?.streamRoutes ?? [],
    mount: serving?.settings.mount ?? "",
    streams: serving?.streams ?? false,
    memory: serving?.memory,
    circuit: serving?.circuit,
    health: serving?.health,
    traffic: serving?.traffic,
    problem: lastRefusal && problemOf(lastRefusal),
  };
}

function problemOf({ code, message }: HostError): Problem {
  return { code, message };
}
