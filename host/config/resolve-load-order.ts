import { HostError } from "../core/error.ts";
import { lastAtMost } from "./last-at-most.ts";
import type { Dependency } from "./settings.ts";

/** What of a plugin's settings says when it is loaded. */
export interface LoadOrderInput {
  readonly enabled: boolean;
  readonly loadOrder: number;
  readonly dependencies: readonly Dependency[];
}

/** In which order plugins are loaded. Disabled plugins are nowhere in it. */
export interface LoadOrder {
  /** Every plugin after all that it depends on. */
  readonly order: readonly string[];
  /** The same in groups: those of a group can start side by side once the groups before it have. */
  readonly stages: readonly (readonly string[])[];
  /** What each plugin waits for: optional dependencies only if they are there. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** Who waits for each plugin. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

/**
 * Puts plugins in order: what they depend on goes first, then the lowest `loadOrder`, then the name.
 *
 * Versions are not looked at, for nobody knows them before a plugin is there: see `checkDependencyVersion`.
 *
 * @throws HostError DEPENDENCY_UNAVAILABLE for all dependencies that are missing or disabled and not optional.
 * @throws HostError DEPENDENCY_CYCLE for one circle, named whole.
 */
export function resolveLoadOrder(plugins: Readonly<Record<string, LoadOrderInput>>): LoadOrder {
  const ranked = rank(plugins);
  const dependencies = findDependencies(ranked, plugins);
  const dependents = invert(ranked, dependencies);
  const order = sort(ranked, dependencies, dependents);
  if (order.length < ranked.length) {
    throw new HostError("DEPENDENCY_CYCLE", { cycle: findCycle(ranked, dependencies, new Set(order)) });
  }
  return { order, stages: groupByStage(order, dependencies), dependencies, dependents };
}

type Edges = ReadonlyMap<string, readonly string[]>;

type Plugins = Readonly<Record<string, LoadOrderInput>>;

function rank(plugins: Plugins): string[] {
  const entries = Object.entries(plugins).filter(([, { enabled }]) => enabled);
  const ranked = entries.toSorted(([a, inA], [b, inB]) => inA.loadOrder - inB.loadOrder || (a < b ? -1 : 1));
  return ranked.map(([name]) => name);
}

function findDependencies(names: readonly string[], plugins: Plugins): Edges {
  const edges = new Map<string, readonly string[]>();
  const missing = new Map<string, { name: string; state: "missing" | "disabled"; wantedBy: string[] }>();
  for (const name of names) {
    const there = new Set<string>();
    for (const dependency of plugins[name]?.dependencies ?? []) {
      const known = Object.hasOwn(plugins, dependency.name) ? plugins[dependency.name] : undefined;
      if (known?.enabled) there.add(dependency.name);
      else if (!dependency.optional) {
        const state = known ? "disabled" : "missing";
        const entry = missing.get(dependency.name) ?? { name: dependency.name, state, wantedBy: [] };
        entry.wantedBy.push(name);
        missing.set(dependency.name, entry);
      }
    }
    edges.set(name, [...there]);
  }
  if (missing.size === 0) return edges;
  throw new HostError("DEPENDENCY_UNAVAILABLE", { missing: [...missing.values()], known: names });
}

function invert(names: readonly string[], edges: Edges): Edges {
  const inverted = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const [from, ends] of edges) for (const to of ends) inverted.get(to)?.push(from);
  return inverted;
}

/** Takes, time and again, the first of `ranked` whose dependencies were all taken. Those in a circle never are. */
function sort(ranked: readonly string[], dependencies: Edges, dependents: Edges): string[] {
  const ranks = new Map(ranked.map((name, index) => [name, index]));
  const waiting = ranked.map((name) => dependencies.get(name)?.length ?? 0);
  // Ranks, the lowest first.
  const ready = [...waiting.keys()].filter((index) => waiting[index] === 0);
  const order: string[] = [];
  for (let index = ready.shift(); index !== undefined; index = ready.shift()) {
    const name = ranked[index] ?? "";
    order.push(name);
    for (const dependent of dependents.get(name) ?? []) {
      const other = ranks.get(dependent) ?? 0;
      const left = (waiting[other] ?? 0) - 1;
      waiting[other] = left;
      if (left === 0) ready.splice(lastAtMost(ready, other) + 1, 0, other);
    }
  }
  return order;
}

/** `a, b, a`: each of those that are not placed waits for another of them, so that following them leads back. */
function findCycle(ranked: readonly string[], dependencies: Edges, placed: ReadonlySet<string>): string[] {
  const way: string[] = [];
  const seen = new Set<string>();
  let name = ranked.find((candidate) => !placed.has(candidate)) ?? "";
  while (!seen.has(name)) {
    way.push(name);
    seen.add(name);
    name = dependencies.get(name)?.find((dependency) => !placed.has(dependency)) ?? "";
  }
  return [...way.slice(way.indexOf(name)), name];
}

function groupByStage(order: readonly string[], dependencies: Edges): string[][] {
  const stageOf = new Map<string, number>();
  const stages: string[][] = [];
  for (const name of order) {
    const before = (dependencies.get(name) ?? []).map((dependency) => stageOf.get(dependency) ?? 0);
    const stage = before.reduce((latest, other) => Math.max(latest, other + 1), 0);
    stageOf.set(name, stage);
    (stages[stage] ??= []).push(name);
  }
  return stages;
}
