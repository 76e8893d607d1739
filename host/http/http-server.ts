import { randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { GuardSettings } from "../config/settings.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import type { HostError } from "../core/error.ts";
import { createFaultTeller, type FaultSink } from "../core/fault-teller.ts";
import type { AccessLog, AccessLogEntry } from "./access-log.ts";
import { Connections } from "./connections.ts";
import { Guards } from "./guard.ts";
import type { HttpHost } from "./http-host.ts";
import { listen } from "./listen.ts";
import { LiveRoutes } from "./live-routes.ts";
import { problemResponse } from "./problem.ts";
import type { MountedRoute, RouteTable } from "./route-table.ts";
import { serveRequest, type ServeOptions } from "./serve-request.ts";
import { TurnEnd } from "./turn-end.ts";

/** How a server is made. Everything may be left out. */
export interface HttpServerOptions {
  /** The address to listen on: 127.0.0.1 by default, so that only this machine gets in. */
  readonly host?: string | undefined;
  /** 8080 by default; 0 is any free one. */
  readonly port?: number | undefined;
  /** Of a request; 1 MiB by default. */
  readonly maxBodyBytes?: number | undefined;
  /** Which requests only some users may send: none by default. */
  readonly guards?: readonly GuardSettings[] | undefined;
  /** How long a client may take to send a request, its body included: five minutes by default, a fifth of that for the head. */
  readonly requestTimeoutMs?: number | undefined;
  readonly accessLog?: AccessLog | undefined;
  /** Called when plugins have changed what is served. */
  readonly onRoutes?: ((served: ServedRoutes) => void) | undefined;
  /** Takes what goes wrong where nobody waits for it, as when `accessLog` throws. By default it is a warning of the process. */
  readonly onFault?: FaultSink | undefined;
  readonly clock?: Clock | undefined;
}

/** Who answers what. */
export interface ServedRoutes {
  readonly mounted: readonly MountedRoute[];
  /** ROUTE_INVALID and ROUTE_CONFLICT: why routes that plugins want are not served. */
  readonly refused: readonly HostError[];
}

/** How long `close` waits for requests to be answered. */
const DRAIN_MS = 35_000;

/**
 * Serves the routes of a host's HTTP plugins, as they are at any moment.
 *
 * Middleware of plugins sees every request that has a route. That of a plugin that does not serve is not
 * asked: let the plugins that need it depend on it.
 *
 * @returns When it listens.
 * @throws HostError LISTEN_FAILED when the address is taken, not this machine's, or not allowed
 */
export async function createHttpServer(host: HttpHost, options: HttpServerOptions = {}): Promise<HttpServer> {
  const server = new HttpServer(host, options);
  try {
    await server.listen(options.host ?? "127.0.0.1", options.port ?? 8080);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** A server that listens. `createHttpServer` makes one. */
export class HttpServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #connections = new Connections();
  readonly #routes: LiveRoutes;
  readonly #clock: Clock;
  readonly #accessLogs = new Set<AccessLog>();
  #serving: ServeOptions;
  #closed: Promise<void> | undefined;

  /** Use `createHttpServer`. */
  constructor(host: HttpHost, options: HttpServerOptions) {
    const { maxBodyBytes = 2 ** 20, requestTimeoutMs = 300_000, accessLog, onRoutes, clock } = options;
    const fault = createFaultTeller(options.onFault);
    this.#clock = clock ?? systemClock;
    this.#routes = new LiveRoutes(host, (table) => {
      try {
        onRoutes?.(served(table));
      } catch (error) {
        fault("told which routes it serves", error);
      }
    });
    const isLast = (socket: Socket) => this.#connections.isLast(socket);
    if (accessLog) this.#accessLogs.add(accessLog);
    const tell = (entry: AccessLogEntry) => {
      for (const log of this.#accessLogs) {
        try {
          log(entry);
        } catch (error) {
          fault("told what became of a request", error);
        }
      }
    };
    const guarded = { routes: this.#routes, guards: new Guards(options.guards ?? []) };
    this.#serving = { host, ...guarded, maxBodyBytes, accessLog: tell, turnEnd: new TurnEnd(), isLast };
    const serve = (awaitsContinue: boolean) => (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      const over = new AbortController();
      this.#connections.begin(socket, { request, response });
      response.on("close", () => {
        this.#connections.end(socket);
        if (!response.writableEnded) over.abort();
      });
      serveRequest(request, response, this.#serving, over, awaitsContinue).catch((error: unknown) => {
        response.destroy();
        fault("answered a request", error);
      });
    };
    this.#server = createServer({
      // A missing host is answered as a problem, like everything else.
      requireHostHeader: false,
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.ceil(requestTimeoutMs / 5),
      connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 10),
    })
      .on("connection", (socket: Socket) => this.#connections.add(socket))
      .on("request", serve(false))
      .on("checkContinue", serve(true))
      .on("clientError", (error: NodeJS.ErrnoException, socket) => this.#refuse(error, socket as Socket));
  }

  /** Where it listens: "http://127.0.0.1:8080". */
  get url(): string {
    const { address, family, port } = this.#server.address() as AddressInfo;
    return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** Whether it takes requests. */
  get open(): boolean {
    return this.#server.listening && this.#closed === undefined;
  }

  /**
   * Tells `log` of every request from now on, beside the access log that it was made with.
   *
   * @returns What ends it.
   */
  onRequest(log: AccessLog): Disposable {
    this.#accessLogs.add(log);
    return { [Symbol.dispose]: () => void this.#accessLogs.delete(log) };
  }

  get routes(): ServedRoutes {
    return served(this.#routes.table);
  }

  /**
   * Goes by other settings from the next request on.
   *
   * @param former Guards that hold beside them, for as long as it takes to change what they guard.
   * @throws HostError GUARD_INVALID; nothing has changed then
   */
  use(
    { guards = [], maxBodyBytes = 2 ** 20 }: Pick<HttpServerOptions, "guards" | "maxBodyBytes">,
    former: readonly GuardSettings[] = [],
  ): void {
    this.#serving = { ...this.#serving, guards: new Guards(guards, former), maxBodyBytes };
  }

  /** @internal Called by `createHttpServer`. */
  listen(host: string, port: number): Promise<void> {
    return listen(this.#server, host, port);
  }

  /**
   * Takes no more connections, lets the requests that it has taken end, and closes their connections after
   * them. Resolves when all are closed; those that are not after 35 seconds are cut off.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const cancel = this.#clock.after(DRAIN_MS, () => this.#connections.destroy());
    const { promise, resolve } = Promise.withResolvers<void>();
    // It fails when the server does not listen, which is what is wanted.
    this.#server.close(() => resolve());
    this.#connections.close();
    await promise;
    cancel();
    await this.#routes[Symbol.asyncDispose]();
  }

  /** Answers what is no HTTP, or too much of it. Nothing more can be understood on such a connection. */
  #refuse({ code }: NodeJS.ErrnoException, socket: Socket): void {
    const busy = this.#connections.busy(socket);
    const latest = busy > 0 ? this.#connections.latest(socket) : undefined;
    if (latest?.request.complete) {
      // What came before is good, and is answered.
      this.#connections.finish(socket);
      return;
    }
    if (!socket.writable || busy > 1 || latest?.response.headersSent) {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    const { status, headers, body } = problemResponse(
      { status: STATUS_BY_PARSER_CODE[code ?? ""] ?? 400 },
      requestId,
    );
    const fields = [
      ...headers,
      { name: "x-request-id", value: requestId },
      { name: "content-length", value: String(body.length) },
      { name: "connection", value: "close" },
    ];
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`);
    socket.write(fields.map(({ name, value }) => `${name}: ${value}\r\n`).join(""));
    socket.write("\r\n");
    socket.end(body, () => socket.destroy());
  }
}

const STATUS_BY_PARSER_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function served({ mounted, refused }: RouteTable): ServedRoutes {
  return { mounted, refused };
}
