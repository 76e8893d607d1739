import { METHODS } from "node:http";
import findMyWay from "find-my-way";
import { HostError } from "../core/error.ts";
import type { Field, Route } from "../component/contract/data.ts";
import type { HttpPluginStatus } from "./http-host.ts";
import { parseRoutePattern, type RoutePattern } from "./route-pattern.ts";

/** A route as it is served, below where its plugin is mounted, and who answers it. */
export interface MountedRoute extends Route {
  readonly plugin: string;
}

/** The route of a request. */
export interface RouteMatch {
  readonly plugin: string;
  /** Where the plugin is mounted: it sees what is below. */
  readonly mount: string;
  /** By what it is answered: as the plugin has registered it, or as every request of a standard component. */
  readonly by: "handle-request" | "handle-stream" | "incoming-handler";
  /** The method that the plugin registered, where it is not "*": GET for a HEAD that nobody registered. */
  readonly method: string;
  /** Decoded. */
  readonly params: readonly Field[];
}

/** A route that a plugin wants, taken apart. */
interface Claim {
  readonly plugin: HttpPluginStatus;
  readonly mounted: MountedRoute;
  readonly pattern: RoutePattern;
  readonly by: RouteMatch["by"];
}

/** Who answers what, at one moment. Plugins are asked nothing: their routes are known since they started. */
export class RouteTable {
  readonly mounted: readonly MountedRoute[];
  /** ROUTE_INVALID and ROUTE_CONFLICT: why a route of a plugin is not in the table. */
  readonly refused: readonly HostError[];
  /** The plugins that see every request, in their order on the way in. */
  readonly middleware: readonly string[];
  readonly #claims = new Map<string, Map<string, Claim>>();
  readonly #methods = new Set<string>();
  // A router of this library calls handlers; here it only finds, and every route has the same one.
  readonly #router = findMyWay({ maxParamLength: 65_536, querystringParser: () => NO_QUERY });

  /**
   * @param plugins In the order in which they were loaded: of two that want a route, the first has it.
   * @param before The table that this one replaces. Who had a route keeps it, so that no new build takes one
   * away from another plugin.
   */
  constructor(plugins: readonly HttpPluginStatus[], before?: RouteTable) {
    const refused: HostError[] = [];
    const claims = plugins.flatMap((plugin) => claimsOf(plugin, refused));
    const heldBefore = (claim: Claim) =>
      before !== undefined && before.#claimLike(claim)?.mounted.plugin === claim.mounted.plugin;
    const { kept = [], added = [] } = Object.groupBy(claims, (claim) =>
      heldBefore(claim) ? "kept" : "added",
    );
    for (const claim of [...kept, ...added]) {
      const refusal = this.#refusalOf(claim);
      if (refusal) refused.push(refusal);
      else this.#grant(claim);
    }
    this.#fillRouter();
    this.mounted = claims.filter((claim) => this.#claimLike(claim) === claim).map(({ mounted }) => mounted);
    this.refused = refused;
    this.middleware = plugins
      .filter(({ capabilities }) => capabilities.includes("http-middleware"))
      .map(({ name }) => name);
  }

  /** @param path As sent, without the query. */
  find(method: string, path: string): RouteMatch | undefined {
    const found = this.#router.find(method as findMyWay.HTTPMethod, path);
    if (!found) return method === "HEAD" ? this.find("GET", path) : undefined;
    const { plugin, pattern, by } = found.store as Claim;
    const params = pattern.names.map((name, i) => ({
      name,
      value: found.params[name === "*" ? "*" : i] ?? "",
    }));
    const { name, mount } = plugin;
    return { plugin: name, mount, by, method, params };
  }

  /** The methods by which something answers at a path, none if nothing does. */
  allowedAt(path: string): string[] {
    const allowed = [...this.#methods].filter((method) =>
      this.#router.find(method as findMyWay.HTTPMethod, path),
    );
    if (allowed.length === 0) return [];
    return [...new Set([...allowed, ...(allowed.includes("GET") ? ["HEAD"] : []), "OPTIONS"])].toSorted();
  }

  /** The claim that was granted where another one is made. */
  #claimLike({ mounted, pattern }: Claim): Claim | undefined {
    return this.#claims.get(pattern.canonical)?.get(mounted.method);
  }

  #refusalOf(claim: Claim): HostError | undefined {
    const { plugin, method } = claim.mounted;
    if (this.#claimLike(claim)?.mounted.plugin === plugin) return invalid(claim.mounted, "it is there twice");
    for (const { mounted: other } of this.#claims.get(claim.pattern.canonical)?.values() ?? []) {
      const overlaps = other.method === method || other.method === "*" || method === "*";
      // One plugin may answer "*" and, in a way of its own, GET.
      if (!overlaps || other.plugin === plugin) continue;
      return new HostError("ROUTE_CONFLICT", { ...claim.mounted, holder: other.plugin });
    }
    return undefined;
  }

  #grant(claim: Claim): void {
    const { canonical } = claim.pattern;
    const here = this.#claims.get(canonical) ?? new Map<string, Claim>();
    this.#claims.set(canonical, here.set(claim.mounted.method, claim));
  }

  #fillRouter(): void {
    for (const [canonical, byMethod] of this.#claims) {
      const any = byMethod.get("*");
      for (const method of any ? METHODS : byMethod.keys()) {
        const claim = byMethod.get(method) ?? any;
        this.#router.on(method as findMyWay.HTTPMethod, canonical, noHandler, claim);
        this.#methods.add(method);
      }
    }
  }
}

const NO_QUERY = {};

const noHandler = () => undefined;

function claimsOf(plugin: HttpPluginStatus, refused: HostError[]): Claim[] {
  const whole = plugin.streams ? "incoming-handler" : "handle-request";
  return [
    ...plugin.routes.flatMap((route) => claimOf(plugin, route, whole, refused)),
    ...plugin.streamRoutes.flatMap((route) => claimOf(plugin, route, "handle-stream", refused)),
  ];
}

function claimOf(
  plugin: HttpPluginStatus,
  { method, pattern: written }: Route,
  by: Claim["by"],
  refused: HostError[],
): Claim[] {
  const { name, mount } = plugin;
  const mounted = { plugin: name, method, pattern: `${mount}${written}` };
  const known = method === "*" || METHODS.includes(method);
  const pattern = known ? parseRoutePattern(written) : "its method is none that HTTP knows";
  if (typeof pattern === "string") {
    refused.push(invalid(mounted, pattern));
    return [];
  }
  const { canonical, names } = pattern;
  const claim = { plugin, mounted, pattern: { canonical: `${mount}${canonical}`, names }, by };
  if (mount === "" || !["/", "/*"].includes(canonical)) return [claim];
  // What a plugin answers at its root, it answers where it is mounted, with a slash or without.
  return [claim, { ...claim, mounted: { ...mounted, pattern: mount }, pattern: { canonical: mount, names } }];
}

function invalid(mounted: MountedRoute, reason: string): HostError {
  return new HostError("ROUTE_INVALID", { ...mounted, reason });
}
