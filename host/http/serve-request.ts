import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { HostError } from "../core/error.ts";
import type { Field, HttpRequest, HttpResponse, StreamResponse } from "../component/contract/data.ts";
import type { StreamedResponse } from "../component/wasi-http/streamed.ts";
import { checkAnswer } from "./check-answer.ts";
import { pathBelow } from "./path-below.ts";
import { type Sent, sendStream } from "./send-stream.ts";
import type { AccessLog } from "./access-log.ts";
import type { Guards } from "./guard.ts";
import type { HttpHost } from "./http-host.ts";
import type { LiveRoutes } from "./live-routes.ts";
import { passStream } from "./pass-stream.ts";
import { passThrough } from "./pass-through.ts";
import { type Problem, problemOf, problemResponse } from "./problem.ts";
import { hasBody, isAnnouncedLarger, readBody } from "./request-body.ts";
import {
  headersOf,
  parseQuery,
  parseRequestTarget,
  requestIdOf,
  type RequestTarget,
} from "./request-head.ts";
import type { RouteMatch, RouteTable } from "./route-table.ts";
import { sendAnswer, type SendOptions } from "./send-answer.ts";
import type { TurnEnd } from "./turn-end.ts";

/** What requests of one server have in common. */
export interface ServeOptions {
  readonly host: HttpHost;
  readonly routes: LiveRoutes;
  readonly guards: Guards;
  readonly maxBodyBytes: number;
  readonly accessLog: AccessLog;
  /** When answers are sent. */
  readonly turnEnd: TurnEnd;
  /** Whether a connection ends with the request that is being answered on it. */
  readonly isLast: (socket: Socket) => boolean;
}

/** Whole, of a standard component, or of a plugin whose bodies are streams. */
type Answer = HttpResponse | StreamedResponse | StreamResponse;

/** What became of a request. */
interface Outcome {
  readonly answer: Answer;
  readonly plugin?: string | undefined;
  readonly error?: unknown;
  /** Whether the client may still be sending a body that nobody wants. */
  readonly unread?: boolean;
}

const NO_BODY = new Uint8Array();

/**
 * Answers one request. Does not throw: whatever goes wrong is an answer, too.
 *
 * @param over Aborted when nobody waits for the answer any more; aborts where nobody is going to read it.
 * @param awaitsContinue Whether the client sends its body only when told to.
 */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServeOptions,
  over: AbortController,
  awaitsContinue: boolean,
): Promise<void> {
  const started = performance.now();
  const exchange = new Exchange(request, response, options, over, awaitsContinue);
  const { answer, plugin, error, unread = false } = await exchange.answer();
  await options.turnEnd.reached;
  const isGone = response.closed;
  const sending = { requestId: exchange.id, last: options.isLast(request.socket) || exchange.leavesBodyOpen };
  const sent = isGone ? { sizeBytes: 0 } : await send(response, answer, { ...sending, unread });
  options.accessLog({
    id: exchange.id,
    method: request.method ?? "",
    path: exchange.target?.path ?? "",
    plugin,
    status: isGone ? undefined : answer.status,
    sizeBytes: sent.sizeBytes,
    durationMs: performance.now() - started,
    error: asHostError(error ?? sent.error),
  });
}

/** Does not fail: an answer that cannot be sent is none, and its connection is cut. */
async function send(response: ServerResponse, answer: Answer, options: SendOptions): Promise<Sent> {
  try {
    const whole = "takeWhole" in answer ? takeWhole(answer, response.req) : answer;
    if (!isWhole(whole)) return await sendStream(response, answer as Exclude<Answer, HttpResponse>, options);
    sendAnswer(response, whole, options);
    return { sizeBytes: whole.body.length };
  } catch (error) {
    response.destroy();
    return { sizeBytes: 0, error };
  }
}

function isWhole(answer: Answer | undefined): answer is HttpResponse {
  return answer?.body instanceof Uint8Array;
}

/** An answer of which everything is there. Of one to HEAD nothing is, whatever length it declares. */
function takeWhole(
  answer: StreamedResponse,
  { method, complete }: IncomingMessage,
): HttpResponse | undefined {
  const body = complete && method !== "HEAD" ? answer.takeWhole() : undefined;
  return body && { ...answer, body };
}

function asHostError(error: unknown): HostError | undefined {
  if (error === undefined || HostError.is(error)) return error;
  return new HostError("HOST_FAULT", { doing: "answered a request" }, { cause: error });
}

/** One request and its answer. */
class Exchange {
  readonly id: string;
  readonly target: RequestTarget | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #options: ServeOptions;
  #awaitsContinue: boolean;
  readonly #over: AbortController;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    options: ServeOptions,
    over: AbortController,
    awaitsContinue: boolean,
  ) {
    this.#request = request;
    this.#response = response;
    this.#options = options;
    this.#over = over;
    this.#awaitsContinue = awaitsContinue;
    this.id = requestIdOf(request);
    this.target = parseRequestTarget(request.url ?? "");
  }

  /** Whether it is not known if a body will follow, since the client was not told to send it. */
  get leavesBodyOpen(): boolean {
    return this.#awaitsContinue;
  }

  answer(): Outcome | Promise<Outcome> {
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
    // Middleware sees whole bodies.
    if (match.by === "incoming-handler" && table.middleware.length === 0) {
      return this.#askStandard(headers, this.target, match);
    }
    if (match.by === "handle-stream") return this.#askStream(headers, this.target, match, table);
    const { params } = match;
    const request = { id: this.id, method: match.method, path, params: [...params], headers };
    return this.#ask({ ...request, query: parseQuery(query), body: NO_BODY, user: undefined }, match, table);
  }

  /** Lets both bodies go through the plugin as they come. Middleware sees the heads. */
  async #askStream(
    headers: Field[],
    { path, query }: RequestTarget,
    { plugin, mount, params }: RouteMatch,
    { middleware }: RouteTable,
  ): Promise<Outcome> {
    const { method = "" } = this.#request;
    const head = { id: this.id, method, path, params: [...params], query: parseQuery(query), headers };
    const request = { ...head, body: NO_BODY, user: undefined };
    let error: unknown;
    const passage = {
      host: this.#options.host,
      requestId: this.id,
      // It is in the middle of its answer, and cannot be asked.
      middleware: middleware.filter((name) => name !== plugin),
      guardsOf: (changed: HttpRequest) => this.#options.guards.findAll(request, changed),
      plugin,
      mount,
      signal: this.#over.signal,
      onError: (thrown: unknown) => (error ??= thrown),
    };
    const expectsBody = this.#awaitsContinue || hasBody(this.#request);
    try {
      const answer = await passStream(passage, request, expectsBody ? this.#bodyAsItComes() : undefined);
      const whole = isWhole(answer);
      // It may be read yet, though the answer has begun; only who is refused need not send it.
      if (!whole && answer.status < 400) this.#continue();
      const unread = whole && !this.#request.complete && !this.#awaitsContinue;
      return { answer, plugin, error, unread };
    } catch (thrown) {
      return { ...this.#problem({ status: 500 }), plugin, error: thrown };
    }
  }

  /** The same for a standard component, which no middleware stands before. */
  async #askStandard(headers: Field[], target: RequestTarget, match: RouteMatch): Promise<Outcome> {
    const { plugin, mount } = match;
    const request = {
      method: this.#request.method ?? "",
      scheme: "HTTP" as const,
      authority: this.#request.headers.host ?? "localhost",
      pathWithQuery: `${pathBelow(mount, target.path)}${target.query === "" ? "" : `?${target.query}`}`,
      headers,
      body: hasBody(this.#request) ? this.#bodyAsItComes() : undefined,
    };
    try {
      const { host, guards } = this.#options;
      const call = { signal: this.#over.signal, requestId: this.id };
      await guards.find(match.method, target.path)?.admit(host, headers, call);
      const answer = await host.plugin(plugin).exchange(request, call);
      return { answer: checkAnswer(answer, plugin, "incoming-handler.handle"), plugin };
    } catch (error) {
      // Nobody is going to read the body of an answer that was refused: its instance is not to wait for that.
      this.#over.abort();
      return {
        answer: problemResponse(problemOf(error), this.id),
        plugin,
        error,
        unread: !this.#request.complete,
      };
    }
  }

  /** Has a client that waits to be told send its body. */
  #continue(): void {
    if (!this.#awaitsContinue) return;
    this.#response.writeContinue();
    this.#awaitsContinue = false;
  }

  async *#bodyAsItComes(): AsyncGenerator<Uint8Array, void> {
    if (this.#awaitsContinue && this.#response.headersSent) {
      throw new Error("It was answered before its body was asked for.");
    }
    this.#continue();
    yield* this.#request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  }

  async #ask(request: HttpRequest, { plugin, mount }: RouteMatch, table: RouteTable): Promise<Outcome> {
    let error: unknown;
    try {
      const expectsBody = this.#awaitsContinue || hasBody(this.#request);
      const body = expectsBody ? await this.#readBody() : NO_BODY;
      if (!body) return { ...this.#tooLarge(), plugin };
      const passage = {
        host: this.#options.host,
        requestId: this.id,
        middleware: table.middleware,
        guardsOf: (changed: HttpRequest) => this.#options.guards.findAll(request, changed),
        plugin,
        mount,
        signal: this.#over.signal,
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
