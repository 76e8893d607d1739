import { HostError } from "../../../host/core/error.ts";
import type {
  AuthResult,
  Credentials,
  Decision,
  HttpRequest,
  HttpRequestInit,
  HttpResponse,
  HttpResponseInit,
  Route,
  UserInit,
} from "../../../host/component/contract/data.ts";
import type { CallOptions } from "../../../host/component/contract/exports.ts";
import type { HttpHost } from "../../../host/http/http-host.ts";
import { EventBus } from "../../../host/plugin/events.ts";

/** A plugin in this process, for what no plugin in WebAssembly would do by itself. */
export interface StandInPlugin {
  routes?: readonly string[];
  handle?: (request: HttpRequest, options: CallOptions) => HttpResponseInit | Promise<HttpResponseInit>;
  before?: (request: HttpRequest) => Decision | Promise<Decision>;
  after?: (request: HttpRequest, response: HttpResponse) => HttpResponseInit | Promise<HttpResponseInit>;
  /** For a standard component. */
  exchange?: ReturnType<HttpHost["plugin"]>["exchange"];
  streamRoutes?: readonly string[];
  handleStream?: ReturnType<HttpHost["plugin"]>["httpStream"]["handleStream"];
  authenticate?: (credentials: Credentials) => AuthResult | Promise<AuthResult>;
  authorize?: (user: UserInit, resource: string, action: string) => boolean | Promise<boolean>;
}

/** As much of a host as a server needs. */
export class StandInHost implements HttpHost {
  readonly bus = new EventBus();
  readonly #plugins = new Map<string, StandInPlugin>();

  constructor(plugins: Readonly<Record<string, StandInPlugin>>) {
    for (const [name, plugin] of Object.entries(plugins)) this.#plugins.set(name, plugin);
  }

  swap(name: string, plugin: StandInPlugin): void {
    this.#plugins.set(name, plugin);
    this.bus.emit({
      type: "swapped",
      cause: "change",
      plugin: name,
      generation: 2,
      durationMs: 1,
      changes: [],
    });
  }

  unload(name: string): void {
    this.#plugins.delete(name);
    this.bus.emit({ type: "stopped", plugin: name });
  }

  plugins(): ReturnType<HttpHost["plugins"]> {
    return Array.from(this.#plugins, ([name, { routes = [], streamRoutes = [], before, exchange }]) => ({
      name,
      routes: routes.map(toRoute),
      streamRoutes: streamRoutes.map(toRoute),
      mount: "",
      streams: exchange !== undefined,
      capabilities: before ? ["http-plugin", "http-middleware"] : ["http-plugin"],
    }));
  }

  plugin(name: string): ReturnType<HttpHost["plugin"]> {
    const plugin = this.#plugins.get(name);
    if (!plugin) throw new HostError("PLUGIN_UNKNOWN", { plugin: name, known: [...this.#plugins.keys()] });
    const { routes = [], handle, before, after, authenticate, authorize } = plugin;
    return {
      auth: {
        authenticate: async (credentials) =>
          (await authenticate?.(credentials)) ?? { tag: "failure", val: "No." },
        authorize: async (user, resource, action) => (await authorize?.(user, resource, action)) ?? false,
        getUserPermissions: () => Promise.resolve([]),
      },
      exchange: plugin.exchange ?? (() => Promise.reject(new Error("It does not stream."))),
      httpStream: {
        registerStreamRoutes: () => Promise.resolve((plugin.streamRoutes ?? []).map(toRoute)),
        handleStream: plugin.handleStream ?? (() => Promise.reject(new Error("It does not stream."))),
      },
      http: {
        registerRoutes: () => Promise.resolve(routes.map(toRoute)),
        handleRequest: async (request, options = {}) =>
          complete((await handle?.(request as HttpRequest, options)) ?? { status: 204 }),
      },
      middleware: {
        before: async (request: HttpRequestInit) =>
          (await before?.(request as HttpRequest)) ?? { tag: "next", val: request as HttpRequest },
        after: async (request, response) => {
          const given = complete(response);
          return complete((await after?.(request as HttpRequest, given)) ?? given);
        },
      },
    };
  }

  events(): ReturnType<HttpHost["events"]> {
    return this.bus.read();
  }
}

function toRoute(written: string): Route {
  const [method = "", pattern = ""] = written.split(" ");
  return { method, pattern };
}

function complete({ status, headers = [], body = "" }: HttpResponseInit): HttpResponse {
  return { status, headers: [...headers], body: typeof body === "string" ? Buffer.from(body) : body };
}
