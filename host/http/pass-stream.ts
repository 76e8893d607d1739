import type { HttpRequest, HttpResponse, StreamResponse } from "../component/contract/data.ts";
import { checkAnswer } from "./check-answer.ts";
import type { Passage } from "./pass-through.ts";
import { pathBelow } from "./path-below.ts";
import { problemOf, problemResponse } from "./problem.ts";

type Body = AsyncIterable<Uint8Array> | undefined;
type Answer = HttpResponse | StreamResponse;

const NO_BODY = new Uint8Array();

/**
 * Takes a request whose bodies are streams through middleware to its plugin, and the answer back. Middleware sees
 * heads, and bodies that are empty; one that it puts in their place is taken instead. What fails becomes a problem,
 * as in `passThrough`.
 *
 * @param request Its body is empty.
 * @throws HostError PLUGIN_ABORTED when nobody waits for the answer any more
 */
export async function passStream(
  passage: Passage,
  request: HttpRequest,
  body: Body,
  depth = 0,
): Promise<Answer> {
  try {
    return await step(passage, request, body, depth);
  } catch (error) {
    if (passage.signal.aborted) throw error;
    passage.onError(error);
    return problemResponse(problemOf(error), passage.requestId);
  }
}

async function step(passage: Passage, request: HttpRequest, body: Body, depth: number): Promise<Answer> {
  const { host, middleware, signal, requestId } = passage;
  const call = { signal, requestId };
  const name = middleware[depth];
  if (name === undefined) return ask(passage, request, body);
  const decision = await host.plugin(name).middleware.before(request, call);
  if (decision.tag === "respond") return checkAnswer(decision.val, name, "http-middleware.before");
  const { body: put, ...head } = decision.val;
  const next = put.length > 0 ? once(put) : body;
  const answer = await passStream(passage, { ...head, body: NO_BODY }, next, depth + 1);
  return unlessFailed(answer, async () => {
    const seen = isWhole(answer) ? answer : { ...answer, body: NO_BODY };
    const changed = await host.plugin(name).middleware.after(decision.val, seen, call);
    checkAnswer(changed, name, "http-middleware.after");
    if (isWhole(answer)) return changed;
    if (changed.body.length === 0) return { ...changed, body: answer.body };
    await cancel(answer);
    return changed;
  });
}

async function ask(passage: Passage, request: HttpRequest, stream: Body): Promise<StreamResponse> {
  const { host, guardsOf, plugin, mount, signal, requestId } = passage;
  const call = { signal, requestId };
  let { user } = request;
  for (const guard of guardsOf(request)) user = await guard.admit(host, request.headers, call);
  const { body: _, ...head } = request;
  const below = { ...head, user, path: pathBelow(mount, request.path), body: stream };
  const answer = await host.plugin(plugin).httpStream.handleStream(below, call);
  return unlessFailed(answer, async () => checkAnswer(answer, plugin, "http-stream-plugin.handle-stream"));
}

/** What nobody is going to fetch is not to go on. */
async function unlessFailed<A extends Answer>(answer: Answer, use: () => Promise<A>): Promise<A> {
  try {
    return await use();
  } catch (error) {
    await cancel(answer);
    throw error;
  }
}

async function cancel(answer: Answer): Promise<void> {
  // One that has failed already cannot be cancelled, and need not be.
  if (!isWhole(answer)) await answer.body.cancel().catch(() => undefined);
}

function isWhole(answer: Answer): answer is HttpResponse {
  return answer.body instanceof Uint8Array;
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(body);
}
