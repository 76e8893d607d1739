import { HostError } from "../../core/error.ts";
import type { Route, StreamRequestInit } from "../../component/contract/data.ts";
import type { LooseInstance, Subject } from "../subject.ts";
import type { PluginCheck } from "./plugin-check.ts";

const CAPABILITY = "http-stream-plugin";
const PIECE = new Uint8Array(65_536);

/** An answer may never end. So much of it is enough. */
const ENOUGH = { bytes: 1_048_576, ms: 500 } as const;

/** What is true of streams, on whatever route. */
export const STREAM_CHECKS: readonly PluginCheck[] = [
  forEachRoute("answers what is sent as a stream to its end, or with an error", async function* sent() {
    for (let piece = 0; piece < 4; piece++) yield PIECE;
  }),
  forEachRoute("answers requests for streams that have no body", undefined),
  forEachRoute("answers, or says no, when what is sent breaks off", async function* broken() {
    yield PIECE;
    throw new Error("The client is gone.");
  }),
];

function forEachRoute(name: string, body: (() => AsyncIterable<Uint8Array>) | undefined): PluginCheck {
  return {
    name,
    capability: CAPABILITY,
    async run(subject) {
      for (const route of await routesOf(subject)) {
        using instance = await subject.started();
        await receive(instance, { ...requestFor(route), body: body?.() });
      }
    },
  };
}

async function routesOf(subject: Subject): Promise<readonly Route[]> {
  using instance = await subject.started();
  return (await instance.call(CAPABILITY, "register-stream-routes")) as Route[];
}

/** A request for a route, "1" in place of whatever its pattern binds. */
function requestFor({ method, pattern }: Route): StreamRequestInit {
  const names = pattern.split("/").flatMap((segment) => /^(?::(.+)|(\*))$/.exec(segment)?.slice(1) ?? []);
  const params = names.filter((name) => name !== undefined).map((name) => ({ name, value: "1" }));
  const path = pattern.replaceAll(/:[^/]+|\*$/g, "1");
  return { method: method === "*" ? "POST" : method, path, params };
}

/** Fetches an answer, or enough of it. @throws HostError when it was neither an answer nor an error of the contract */
async function receive(instance: LooseInstance, request: StreamRequestInit): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const { body } = await instance.stream(request);
    const reader = body.getReader();
    timer = setTimeout(() => void reader.cancel(), ENOUGH.ms);
    let bytes = 0;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      bytes += piece.value.length;
      if (bytes > ENOUGH.bytes) await reader.cancel();
    }
  } catch (error) {
    if (!HostError.is(error, "PLUGIN_ERROR")) throw error;
  } finally {
    clearTimeout(timer);
  }
}
