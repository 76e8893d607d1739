import { METHODS } from "node:http";
import findMyWay from "find-my-way";
import type { CallOptions } from "../component/contract/exports.ts";
import type { Field, HttpRequest, User } from "../component/contract/data.ts";
import type { GuardSettings } from "../config/settings.ts";
import { HostError, messageOf } from "../core/error.ts";
import type { HttpHost } from "./http-host.ts";
import { parseRoutePattern } from "./route-pattern.ts";

/** The call of a route, for which its guard asks. */
export type GuardCall = CallOptions & { readonly signal: AbortSignal };

type Target = Pick<HttpRequest, "method" | "path">;

/** Which requests only some users may send. */
export class Guards {
  // As the router of routes reads a path, so does this one: there is no way of writing it that misses the guard.
  readonly #router = findMyWay({ maxParamLength: 65_536, querystringParser: () => ({}) });

  /**
   * @param former Guards that hold, too, where none of `guards` has the same path: while one takes the other's place,
   * what either of them guards is guarded.
   * @throws HostError GUARD_INVALID
   */
  constructor(guards: readonly GuardSettings[], former: readonly GuardSettings[] = []) {
    for (const guard of guards) for (const path of pathsOf(guard)) this.#add(path, guard, methodsOf(guard));
    for (const guard of former) {
      for (const path of pathsOf(guard)) {
        const canonical = canonicalOf(path);
        const left = [...methodsOf(guard)].filter((method) => !this.#isGuarded(method, canonical));
        this.#add(path, guard, left);
      }
    }
  }

  /** @param path As sent, without the query. */
  find(method: string, path: string): Guard | undefined {
    const found = this.#router.find(method as findMyWay.HTTPMethod, path);
    return found === null ? undefined : new Guard(found.store as GuardSettings, method);
  }

  /** Those of a request as it was sent, and as middleware has made it: changing a path leads past no guard. */
  findAll(sent: Target, changed: Target): Guard[] {
    const first = this.find(sent.method, sent.path);
    if (sent.method === changed.method && sent.path === changed.path) return first ? [first] : [];
    const second = this.find(changed.method, changed.path);
    return [first, second].filter((guard) => guard !== undefined);
  }

  #add(path: string, guard: GuardSettings, methods: Iterable<string>): void {
    const canonical = canonicalOf(path);
    for (const method of methods) {
      if (this.#isGuarded(method, canonical)) {
        throw new HostError("GUARD_INVALID", { path, reason: `another one guards it for ${method} already` });
      }
      this.#router.on(method as findMyWay.HTTPMethod, canonical, () => undefined, guard);
    }
  }

  #isGuarded(method: string, canonical: string): boolean {
    return this.#router.hasRoute(method as findMyWay.HTTPMethod, canonical);
  }
}

/** @throws HostError GUARD_INVALID */
function canonicalOf(path: string): string {
  const pattern = parseRoutePattern(path);
  if (typeof pattern === "string") throw new HostError("GUARD_INVALID", { path, reason: pattern });
  return pattern.canonical;
}

/** What stands before one request. */
export class Guard {
  readonly #settings: GuardSettings;
  readonly #action: string;

  constructor(settings: GuardSettings, method: string) {
    this.#settings = settings;
    this.#action = settings.action ?? (READING.has(method) ? "read" : "write");
  }

  /**
   * Who sent a request with these headers.
   *
   * @throws HostError REQUEST_UNAUTHENTICATED, REQUEST_FORBIDDEN
   * @throws HostError GUARD_UNAVAILABLE when the plugin cannot say: nobody gets in then
   */
  async admit(host: HttpHost, headers: readonly Field[], call: GuardCall): Promise<User> {
    const { plugin, resource } = this.#settings;
    const token = bearerTokenOf(headers);
    if (token === undefined) throw new HostError("REQUEST_UNAUTHENTICATED", { plugin, shown: false });
    const user = token === "" ? undefined : await this.#authenticate(host, token, call);
    if (!user) throw new HostError("REQUEST_UNAUTHENTICATED", { plugin, shown: true });
    if (resource !== undefined) await this.#authorize(host, user, resource, call);
    return user;
  }

  #authenticate(host: HttpHost, token: string, call: GuardCall): Promise<User | undefined> {
    return this.#ask(call, async () => {
      const { auth } = host.plugin(this.#settings.plugin);
      const result = await auth.authenticate({ tag: "token", val: token }, call);
      return result.tag === "success" ? result.val.user : undefined;
    });
  }

  async #authorize(host: HttpHost, user: User, resource: string, call: GuardCall): Promise<void> {
    const { plugin } = this.#settings;
    const action = this.#action;
    const allowed = await this.#ask(call, () =>
      host.plugin(plugin).auth.authorize(user, resource, action, call),
    );
    if (!allowed) throw new HostError("REQUEST_FORBIDDEN", { plugin, user: user.name, resource, action });
  }

  async #ask<T>({ signal }: GuardCall, question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (signal.aborted) throw error;
      const { plugin, path } = this.#settings;
      throw new HostError("GUARD_UNAVAILABLE", { plugin, path, reason: messageOf(error) }, { cause: error });
    }
  }
}

/** "/notes/*" is "/notes", too. */
function pathsOf({ path }: GuardSettings): string[] {
  return path.endsWith("/*") && path !== "/*" ? [path, path.slice(0, -2)] : [path];
}

const READING: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** @throws HostError GUARD_INVALID */
function methodsOf({ path, methods = METHODS }: GuardSettings): ReadonlySet<string> {
  const unknown = methods.find((method) => !METHODS.includes(method));
  if (unknown !== undefined) {
    const reason = `HTTP knows no method ${unknown}`;
    throw new HostError("GUARD_INVALID", { path, reason });
  }
  return new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods);
}

/**
 * The token of a request, "" where there is something in its place that is none, undefined where there is nothing.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
function bearerTokenOf(headers: readonly Field[]): string | undefined {
  const shown = headers.filter(({ name }) => name === "authorization");
  if (shown.length === 0) return undefined;
  const [, token = ""] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(shown[0]?.value ?? "") ?? [];
  return shown.length === 1 ? token : "";
}
