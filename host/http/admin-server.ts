import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createFaultTeller, type FaultSink, type FaultTeller } from "../core/fault-teller.ts";
import type { PluginStatus } from "../plugin/status.ts";
import type { AdminHost } from "./admin-host.ts";
import type { HttpServer } from "./http-server.ts";
import { listen } from "./listen.ts";
import { Metrics } from "./metrics.ts";
import { problemResponse } from "./problem.ts";

/** Where health and metrics are served, and of what. */
export interface AdminServerOptions {
  /** 0 by default: any free one. */
  readonly port?: number | undefined;
  /** Whose requests are counted, and without which nothing is ready. */
  readonly http?: HttpServer | undefined;
  /** Takes what goes wrong where nobody waits for it. By default it is a warning of the process. */
  readonly onFault?: FaultSink | undefined;
}

/** The only address: what it tells is for this machine. */
const LOOPBACK = "127.0.0.1";

/** What a browser here may have been led to believe is another host's, is not asked under these names. */
const OWN_NAME = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

const HEADERS = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/**
 * Serves `/health` (whether the process answers), `/ready` (whether every plugin serves that nobody
 * disabled, and the HTTP server takes requests) and `/metrics` (for Prometheus), to this machine alone and to no page in a browser.
 *
 * @returns When it listens.
 * @throws HostError LISTEN_FAILED
 */
export async function createAdminServer(
  host: AdminHost,
  options: AdminServerOptions = {},
): Promise<AdminServer> {
  const server = new AdminServer(host, options);
  try {
    await server.listen(options.port ?? 0);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** A server that listens. `createAdminServer` makes one. */
export class AdminServer implements AsyncDisposable {
  readonly #host: AdminHost;
  #http: HttpServer | undefined;
  readonly #fault: FaultTeller;
  readonly #metrics: Metrics;
  readonly #server: Server;
  readonly #observing: Disposable;
  #requests: Disposable | undefined;
  readonly #events: ReturnType<AdminHost["events"]>;
  readonly #following: Promise<void>;

  /** Use `createAdminServer`. */
  constructor(host: AdminHost, { http, onFault }: AdminServerOptions) {
    this.#host = host;
    this.#fault = createFaultTeller(onFault);
    this.#metrics = new Metrics(() => host.plugins());
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#observing = host.onCall((call) => this.#count(() => this.#metrics.called(call)));
    if (http) this.follow(http);
    this.#events = host.events();
    this.#following = this.#follow();
  }

  /** Where it listens: "http://127.0.0.1:9464". */
  get url(): string {
    return `http://${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Counts the requests of this server from now on, in place of the one before. */
  follow(http: HttpServer): void {
    this.#requests?.[Symbol.dispose]();
    this.#http = http;
    this.#requests = http.onRequest((entry) => this.#count(() => this.#metrics.requested(entry)));
  }

  /** @internal Called by `createAdminServer`. */
  listen(port: number): Promise<void> {
    return listen(this.#server, LOOPBACK, port);
  }

  /** Cuts off who is asking. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // It fails when the server does not listen, which is what is wanted.
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    this.#observing[Symbol.dispose]();
    this.#requests?.[Symbol.dispose]();
    await this.#events[Symbol.asyncDispose]();
    await Promise.all([promise, this.#following]);
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #follow(): Promise<void> {
    for await (const event of this.#events) this.#count(() => this.#metrics.happened(event));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type, text } =
      refusalOf(request) ?? (await this.#answer(request).catch((e) => this.#failed(e)));
    const body = Buffer.from(text);
    response.writeHead(status, { ...HEADERS, "content-type": type, "content-length": body.length }).end(body);
  }

  #failed(error: unknown): Answer {
    this.#fault("was asked how it does", error);
    return problem(500, "How the host does cannot be told: its log says why.");
  }

  /** What is counted has happened, whether or not it can be counted. */
  #count(count: () => void): void {
    try {
      count();
    } catch (error) {
      this.#fault("counted what happens", error);
    }
  }

  async #answer({ url }: IncomingMessage): Promise<Answer> {
    if (url === "/health") return json(200, { status: "ok" });
    if (url === "/ready") return this.#readiness();
    if (url !== "/metrics") return problem(404, "There are /health, /ready and /metrics.");
    return { status: 200, type: this.#metrics.contentType, text: await this.#metrics.text() };
  }

  #readiness(): Answer {
    const plugins = this.#host.plugins();
    const serving = this.#http?.open ?? true;
    const ready = serving && plugins.every(({ state }) => state === "serving" || state === "disabled");
    const states = Object.fromEntries(plugins.map((plugin) => [plugin.name, stateOf(plugin)]));
    return json(ready ? 200 : 503, { status: ready ? "ready" : "not ready", serving, plugins: states });
  }
}

function stateOf({ state, problem: reason }: PluginStatus): string {
  return reason === undefined ? state : `${state}: ${reason.code}`;
}

/** A page of another site can make a browser here ask, but not under our name, and not without saying so. */
function refusalOf({ method, headers }: IncomingMessage): Answer | undefined {
  if (!OWN_NAME.test(headers.host ?? "")) return problem(421, "This is asked for as localhost.");
  const site = headers["sec-fetch-site"];
  const foreign = site !== undefined && site !== "none" && site !== "same-origin";
  if (foreign || headers.origin !== undefined)
    return problem(403, "Pages of other sites learn nothing here.");
  if (method !== "GET" && method !== "HEAD") return problem(405, "There is nothing to change here.");
  return undefined;
}

function json(status: number, value: unknown): Answer {
  return { status, type: "application/json", text: JSON.stringify(value) };
}

function problem(status: number, detail: string): Answer {
  const text = Buffer.from(problemResponse({ status, detail }).body).toString();
  return { status, type: "application/problem+json", text };
}
