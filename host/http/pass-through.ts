import type { HttpRequest, HttpResponse } from "../component/contract/data.ts";
import { pathBelow } from "./path-below.ts";
import { checkAnswer } from "./check-answer.ts";
import type { Guard } from "./guard.ts";
import type { HttpHost } from "./http-host.ts";
import { problemOf, problemResponse } from "./problem.ts";

/** The way of one request through the plugins. */
export interface Passage {
  readonly host: HttpHost;
  readonly requestId: string;
  /** Who sees it on the way, outermost first. */
  readonly middleware: readonly string[];
  /** What stands before the plugin, if it does not answer everybody, for a request as it reaches it. */
  readonly guardsOf: (request: HttpRequest) => readonly Guard[];
  /** Who answers it. */
  readonly plugin: string;
  /** Where it is mounted: it sees what is below. */
  readonly mount: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Takes what became a problem on the way. */
  readonly onError: (error: unknown) => void;
}

/**
 * Takes a request through middleware to its plugin, and the answer back. What fails becomes a problem, which
 * the middleware further out sees like any answer. Middleware that cannot be asked lets nothing through.
 *
 * @throws HostError PLUGIN_ABORTED when nobody waits for the answer any more
 */
export async function passThrough(passage: Passage, request: HttpRequest, depth = 0): Promise<HttpResponse> {
  try {
    return await step(passage, request, depth);
  } catch (error) {
    if (passage.signal.aborted) throw error;
    passage.onError(error);
    return problemResponse(problemOf(error), passage.requestId);
  }
}

async function step(passage: Passage, request: HttpRequest, depth: number): Promise<HttpResponse> {
  const { host, middleware, guardsOf, plugin, mount, signal, requestId } = passage;
  const call = { signal, requestId };
  const name = middleware[depth];
  if (name === undefined) {
    let { user } = request;
    for (const guard of guardsOf(request)) user = await guard.admit(host, request.headers, call);
    const below = { ...request, user, path: pathBelow(mount, request.path) };
    const answer = await host.plugin(plugin).http.handleRequest(below, call);
    return checkAnswer(answer, plugin, "http-plugin.handle-request");
  }
  const decision = await host.plugin(name).middleware.before(request, call);
  if (decision.tag === "respond") return checkAnswer(decision.val, name, "http-middleware.before");
  const answer = await passThrough(passage, decision.val, depth + 1);
  const changed = await host.plugin(name).middleware.after(decision.val, answer, call);
  return checkAnswer(changed, name, "http-middleware.after");
}
