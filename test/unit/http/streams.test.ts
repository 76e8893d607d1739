import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test, type TestContext } from "node:test";
import type { StreamRequestInit, StreamResponse } from "../../../host/component/contract/data.ts";
import type { AccessLogEntry } from "../../../host/http/access-log.ts";
import { exchange, open, serve } from "./client.ts";
import type { StandInPlugin } from "./stand-in-host.ts";

const TEXT = Buffer.from("streamed");

function answer(body: ReadableStream<Uint8Array>, headers: StreamResponse["headers"] = []): StreamResponse {
  return { status: 200, headers, body };
}

function bodyOf(...pieces: Uint8Array[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(pieces);
}

/** Answers every request with its body. */
function echoing(seen: StreamRequestInit[] = []): StandInPlugin {
  return {
    streamRoutes: ["* /up", "GET /down"],
    handleStream: async (request) => {
      seen.push(request);
      return answer(ReadableStream.from(request.body as AsyncIterable<Uint8Array>));
    },
  };
}

/** Answers every request with a body that never ends, and says when nobody wants it any more. */
function endless(): StandInPlugin & { cancelled: Promise<unknown> } {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const stream = () => new ReadableStream<Uint8Array>({ pull: (c) => c.enqueue(TEXT), cancel: resolve });
  return {
    streamRoutes: ["GET /down"],
    handleStream: async () => answer(stream()),
    cancelled: promise,
  };
}

suite("a route whose bodies are streams", () => {
  test("is told the method as it was sent, and the rest as any route", async (t) => {
    const seen: StreamRequestInit[] = [];
    const plugin = { ...echoing(seen), handleStream: echoingHead(seen) };
    const { url } = await serve(t, { plugin });
    await fetch(`${url}/down?a=1`, { method: "HEAD", headers: { "x-one": "1", "x-request-id": "r-1" } });
    const [{ method, path, query, id, headers = [], user, body } = {} as StreamRequestInit] = seen;
    assert.deepEqual([method, path, query, id], ["HEAD", "/down", [{ name: "a", value: "1" }], "r-1"]);
    assert.ok(headers.some(({ name, value }) => name === "x-one" && value === "1"));
    assert.deepEqual([user, body], [undefined, undefined]);
  });

  test("takes bodies that are larger than a whole one may be", async (t) => {
    const { url } = await serve(t, { plugin: echoing() }, { maxBodyBytes: 10 });
    const body = "x".repeat(100_000);
    assert.equal(await (await fetch(`${url}/up`, { method: "POST", body })).text(), body);
  });

  test("is cut off where its body is not as long as middleware says", async (t) => {
    for (const declared of ["3", "10"]) {
      const claiming: StandInPlugin = {
        before: (request) => ({ tag: "next", val: request }),
        after: (_, response) => ({ ...response, headers: [{ name: "content-length", value: declared }] }),
      };
      const plugin: StandInPlugin = {
        streamRoutes: ["GET /down"],
        handleStream: async () => answer(bodyOf(TEXT)),
      };
      const { url } = await serve(t, { plugin, claiming });
      const socket = await open(url);
      const closed = once(socket, "close");
      const request = "GET /down HTTP/1.1\r\nhost: x\r\n\r\n";
      socket.write(request + request);
      let text = "";
      socket.on("data", (chunk) => (text += String(chunk)));
      await closed;
      assert.ok(!text.includes("HTTP/1.1", 1), text);
    }
  });

  test("conflicts with a route of the same plugin that has whole bodies", async (t) => {
    const both = { ...echoing(), routes: ["GET /down"] };
    const { server } = await serve(t, { both });
    assert.deepEqual(
      server.routes.refused.map(({ code }) => code),
      ["ROUTE_INVALID"],
    );
  });

  test("asks for a body that waits to be asked for, if only after it has begun to answer", async (t) => {
    const { url } = await serve(t, { plugin: echoing() });
    const socket = await open(url);
    socket.write(
      "POST /up HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 2\r\nconnection: close\r\n\r\n",
    );
    let text = "";
    let sent = false;
    for await (const chunk of socket) {
      text += chunk as string;
      if (text.startsWith("HTTP/1.1 100 Continue") && !sent) sent = socket.write("ok");
    }
    assert.match(text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[^]*ok/);
  });

  test("does not ask for a body that waits to be asked for where it is refused", async (t) => {
    const refuse = async () => ({ status: 403, headers: [], body: bodyOf() });
    const { url } = await serve(t, { plugin: { streamRoutes: ["POST /up"], handleStream: refuse } });
    const head = "POST /up HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
    assert.match(await exchange(url, head), /^HTTP\/1\.1 403 /);
  });

  test("may answer without having read: the rest is not taken for another request", async (t) => {
    const plugin = { streamRoutes: ["POST /up"], handleStream: async () => answer(bodyOf(TEXT)) };
    const { url } = await serve(t, { plugin });
    const head = "POST /up HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n";
    const text = await exchange(url, `${head}GET /nothing HTTP/1.1\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 200 OK/);
    assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
  });

  test("leaves ranges to the plugin", async (t) => {
    const seen: StreamRequestInit[] = [];
    const partial = async (request: StreamRequestInit) => {
      seen.push(request);
      const headers = [{ name: "content-range", value: "bytes 0-1/8" }];
      return { status: 206, headers, body: bodyOf(TEXT.subarray(0, 2)) };
    };
    const { url } = await serve(t, { plugin: { streamRoutes: ["GET /down"], handleStream: partial } });
    const response = await fetch(`${url}/down`, { headers: { range: "bytes=0-1" } });
    assert.deepEqual(
      [response.status, response.headers.get("content-range"), await response.text()],
      [206, "bytes 0-1/8", "st"],
    );
    assert.ok(seen[0]?.headers?.some(({ name, value }) => name === "range" && value === "bytes=0-1"));
  });

  test("an answer that HTTP cannot carry is ended before it begins", async (t) => {
    const plugin = endless();
    const { handleStream } = plugin;
    const bad: StandInPlugin = {
      ...plugin,
      handleStream: async (...args) => ({
        ...((await handleStream?.(...args)) as StreamResponse),
        headers: [{ name: "x bad", value: "" }],
      }),
    };
    const { url } = await serve(t, { bad });
    assert.equal((await fetch(`${url}/down`)).status, 502);
    await plugin.cancelled;
  });

  test("a client that goes away ends the answer", async (t) => {
    const plugin = endless();
    const { url } = await serve(t, { plugin });
    const socket = await open(url);
    socket.write("GET /down HTTP/1.1\r\nhost: a\r\n\r\n");
    await once(socket, "data");
    socket.destroy();
    await plugin.cancelled;
  });

  test("is logged with what was sent of it", async (t) => {
    const log: AccessLogEntry[] = [];
    const { url } = await serve(t, { plugin: echoing() }, { accessLog: (entry) => log.push(entry) });
    await (await fetch(`${url}/up`, { method: "POST", body: "12345" })).text();
    assert.deepEqual(
      log.map(({ plugin, status, sizeBytes, error }) => [plugin, status, sizeBytes, error]),
      [["plugin", 200, 5, undefined]],
    );
  });
});

suite("middleware of a route whose bodies are streams", () => {
  const put = async (t: TestContext, middleware: StandInPlugin, plugin: StandInPlugin = echoing()) => {
    const { url } = await serve(t, { middleware, plugin });
    return fetch(`${url}/up`, { method: "POST", body: "sent" });
  };

  test("sees heads, and changes them", async (t) => {
    const bodies: number[] = [];
    const seen: StreamRequestInit[] = [];
    const response = await put(
      t,
      {
        before(request) {
          bodies.push(request.body.length);
          return { tag: "next", val: { ...request, headers: [{ name: "x-put", value: "1" }] } };
        },
        after(_, given) {
          bodies.push(given.body.length);
          return { ...given, status: 202, headers: [{ name: "x-after", value: "1" }] };
        },
      },
      echoing(seen),
    );
    assert.deepEqual([response.status, response.headers.get("x-after")], [202, "1"]);
    assert.equal(await response.text(), "sent");
    assert.deepEqual(bodies, [0, 0]);
    assert.deepEqual(seen[0]?.headers, [{ name: "x-put", value: "1" }]);
  });

  test("may answer itself", async (t) => {
    const seen: StreamRequestInit[] = [];
    const val = { status: 418, headers: [], body: TEXT };
    const response = await put(t, { before: () => ({ tag: "respond", val }) }, echoing(seen));
    assert.deepEqual([response.status, await response.text(), seen.length], [418, "streamed", 0]);
  });

  test("may put a body in the place of the one that is sent", async (t) => {
    const before: StandInPlugin["before"] = (request) => ({
      tag: "next",
      val: { ...request, body: TEXT },
    });
    assert.equal(await (await put(t, { before })).text(), "streamed");
  });

  test("may put a body in the place of the answer's, which is then ended", async (t) => {
    const plugin = endless();
    const middleware: StandInPlugin = {
      before: (request) => ({ tag: "next", val: request }),
      after: (_, given) => ({ ...given, body: "whole" }),
    };
    const { url } = await serve(t, { middleware, plugin });
    assert.equal(await (await fetch(`${url}/down`)).text(), "whole");
    await plugin.cancelled;
  });

  test("that fails lets no answer through, which is then ended", async (t) => {
    const plugin = endless();
    const middleware: StandInPlugin = {
      before: (request) => ({ tag: "next", val: request }),
      after: () => Promise.reject(new Error("on purpose")),
    };
    const { url } = await serve(t, { middleware, plugin });
    assert.equal((await fetch(`${url}/down`)).status, 500);
    await plugin.cancelled;
  });

  test("of the plugin that answers is not asked, for it is answering", async (t) => {
    const before = () => Promise.reject(new Error("It was asked."));
    const { url } = await serve(t, { plugin: { ...echoing(), before } });
    assert.equal(await (await fetch(`${url}/up`, { method: "POST", body: "sent" })).text(), "sent");
  });
});

suite("a guard of a route whose bodies are streams", () => {
  test("lets nobody in whom it does not know, and says who asks", async (t) => {
    const seen: StreamRequestInit[] = [];
    const user = { id: 1, name: "ada", roles: [], claims: {} };
    const auth: StandInPlugin = {
      authenticate: () => ({
        tag: "success",
        val: { user, token: undefined, expiresAtMs: undefined },
      }),
    };
    const guards = [
      { path: "/up", plugin: "auth", methods: undefined, resource: undefined, action: undefined },
    ];
    const { url } = await serve(t, { plugin: echoing(seen), auth }, { guards });
    const send = (headers: Record<string, string>) =>
      fetch(`${url}/up`, { method: "POST", body: "a", headers });
    assert.deepEqual([(await send({})).status, seen.length], [401, 0]);
    assert.equal((await send({ authorization: "Bearer abc" })).status, 200);
    assert.equal(seen[0]?.user?.name, "ada");
  });
});

function echoingHead(seen: StreamRequestInit[]) {
  return async (request: StreamRequestInit) => {
    seen.push(request);
    return answer(bodyOf());
  };
}
