import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { HostError } from "../core/error.ts";
import type { HttpRequest, HttpResponse } from "../component/contract/data.ts";
import type { AccessLog } from "./access-log.ts";
import type { Guards } from "./guard.ts";
import type { HttpHost } from "./http-host.ts";
import type { LiveRoutes } from "./live-routes.ts";
import { passThrough } from "./pass-through.ts";
import { type Problem, problemResponse } from "./problem.ts";
import { isAnnouncedLarger, readBody } from "./request-body.ts";
import {
  headersOf,
  parseQuery,
  parseRequestTarget,
  requestIdOf,
  type RequestTarget,
} from "./request-head.ts";
import type { RouteMatch, RouteTable } from "./route-table.ts";
import { sendAnswer } from "./send-answer.ts";

/** What requests of one server have in common. */
export interface ServeOptions {
  readonly host: HttpHost;
  readonly routes: LiveRoutes;
  readonly guards: Guards;
  readonly maxBodyBytes: number;
  readonly accessLog: AccessLog | undefined;
  /** Whether a connection ends with the request that is being answered on it. */
  readonly isLast: (socket: Socket) => boolean;
}

/** What became of a request. */
interface Outcome {
  readonly answer: HttpResponse;
  readonly plugin?: string | undefined;
  readonly error?: unknown;
  /** Whether the client may still be sending a body that nobody wants. */
  readonly unread?: boolean;
}

const NO_BODY = new Uint8Array();

/**
 * Answers one request. Does not throw: whatever goes wrong is an answer, too.
 *
 * @param awaitsContinue Whether the client sends its body only when told to.
 */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServeOptions,
  awaitsContinue: boolean,
): Promise<void> {
  const started = performance.now();
  const exchange = new Exchange(request, response, options, awaitsContinue);
  const outcome = await exchange.answer();
  const { answer, plugin, error, unread = false } = outcome;
  const gone = exchange.gone;
  const last = options.isLast(request.socket) || exchange.leavesBodyOpen;
  if (!gone) sendAnswer(response, answer, { requestId: exchange.id, last, unread });
  options.accessLog?.({
    id: exchange.id,
    method: request.method ?? "",
    path: exchange.target?.path ?? "",
    plugin,
    status: gone ? undefined : answer.status,
    sizeBytes: gone ? 0 : answer.body.length,
    durationMs: performance.now() - started,
    error:
      error === undefined || HostError.is(error)
        ? error
        : new HostError("HOST_FAULT", { doing: "answered a request" }, { cause: error }),
  });
}

/** One request and its answer. */
class Exchange {
  readonly id: string;
  readonly target: RequestTarget | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #options: ServeOptions;
  #awaitsContinue: boolean;
  readonly #gone = new AbortController();

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    options: ServeOptions,
    awaitsContinue: boolean,
  ) {
    this.#request = request;
    this.#response = response;
    this.#options = options;
    this.#awaitsContinue = awaitsContinue;
    this.id = requestIdOf(request);
    this.target = parseRequestTarget(request.url ?? "");
    response.once("close", () => {
      if (!response.writableEnded) this.#gone.abort();
    });
  }

  /** Whether nobody waits for the answer any more. */
  get gone(): boolean {
    return this.#gone.signal.aborted;
  }

  /** Whether it is not known if a body will follow, since the client was not told to send it. */
  get leavesBodyOpen(): boolean {
    return this.#awaitsContinue;
  }

  async answer(): Promise<Outcome> {
    const { method = "", url } = this.#request;
    const headers = headersOf(this.#request);
    const hosts = headers.filter(({ name }) => name === "host").length;
    if (hosts > 1 || (hosts === 0 && this.#request.httpVersion === "1.1")) {
      return this.#problem({ status: 400, detail: "A request names exactly one host." });
    }
    if (method === "OPTIONS" && url === "*") return { answer: { status: 204, headers: [], body: NO_BODY } };
    if (!this.target) return this.#problem({ status: 400, detail: "This is no path." });
    const { table } = this.#options.routes;
    const { path, query } = this.target;
    const match = table.find(method, path);
    if (!match) return this.#unmatched(table, method, path);
    const { params } = match;
    const request = { id: this.id, method: match.method, path, params: [...params], headers };
    return this.#ask({ ...request, query: parseQuery(query), body: NO_BODY, user: undefined }, match, table);
  }

  async #ask(request: HttpRequest, { plugin }: RouteMatch, table: RouteTable): Promise<Outcome> {
    let error: unknown;
    try {
      const body = await this.#readBody();
      if (!body) return { ...this.#tooLarge(), plugin };
      const passage = {
        host: this.#options.host,
        requestId: this.id,
        middleware: table.middleware,
        guard: this.#options.guards.find(request.method, request.path),
        plugin,
        signal: this.#gone.signal,
        onError: (thrown: unknown) => (error ??= thrown),
      };
      return { answer: await passThrough(passage, { ...request, body }), plugin, error };
    } catch (thrown) {
      return { ...this.#problem({ status: 500 }), plugin, error: thrown };
    }
  }

  async #readBody(): Promise<Uint8Array | undefined> {
    const { maxBodyBytes } = this.#options;
    if (this.#awaitsContinue && !isAnnouncedLarger(this.#request, maxBodyBytes)) {
      this.#response.writeContinue();
      this.#awaitsContinue = false;
    }
    return readBody(this.#request, maxBodyBytes);
  }

  #unmatched(table: RouteTable, method: string, path: string): Outcome {
    if (!isDecodable(path))
      return this.#problem({ status: 400, detail: "The path is not encoded as it should be." });
    const allowed = table.allowedAt(path);
    if (allowed.length === 0) return this.#problem({ status: 404 });
    const headers = [{ name: "allow", value: allowed.join(", ") }];
    if (method === "OPTIONS") return { answer: { status: 204, headers, body: NO_BODY } };
    return this.#problem({ status: 405, headers });
  }

  #tooLarge(): Outcome {
    const detail = `The body of a request may have ${this.#options.maxBodyBytes} bytes.`;
    return { ...this.#problem({ status: 413, detail }), unread: !this.#awaitsContinue };
  }

  #problem(problem: Problem): Outcome {
    return { answer: problemResponse(problem, this.id) };
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
