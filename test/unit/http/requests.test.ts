import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import type { HttpRequest } from "../../../host/component/contract/data.ts";
import type { AccessLogEntry } from "../../../host/http/access-log.ts";
import { createHttpServer } from "../../../host/http/http-server.ts";
import { exchange, serve } from "./client.ts";

const CLOSE = "Connection: close\r\n";

function get(target: string, connection = "", headers = "Host: x\r\n"): string {
  return `GET ${target} HTTP/1.1\r\n${headers}${connection}\r\n`;
}

/** A plugin that answers what it was asked, as JSON. */
const echo = {
  routes: ["* /echo", "* /echo/:id/*", "GET /get", "POST /post"],
  handle: (request: HttpRequest) => ({
    status: 200,
    headers: [{ name: "content-type", value: "application/json" }],
    body: JSON.stringify({ ...request, body: Buffer.from(request.body).toString("latin1") }),
  }),
};

test("a plugin gets the request as it was sent, with everything decoded that is decoded for it", async (t) => {
  const { url } = await serve(t, { echo });
  const answer = await fetch(`${url}/echo/a%20b/c/d?x=1&y=%C3%A9+1&x=2&z`, {
    method: "PUT",
    headers: { "X-Request-Id": "abc-1", "X-Own": "1" },
    body: "in",
  });
  assert.equal(answer.headers.get("x-request-id"), "abc-1");
  const seen = (await answer.json()) as HttpRequest;
  assert.equal(seen.id, "abc-1");
  assert.equal(seen.method, "PUT");
  assert.equal(seen.path, "/echo/a%20b/c/d");
  assert.deepEqual(seen.params, [
    { name: "id", value: "a b" },
    { name: "*", value: "c/d" },
  ]);
  assert.deepEqual(seen.query, [
    { name: "x", value: "1" },
    { name: "y", value: "é 1" },
    { name: "x", value: "2" },
    { name: "z", value: "" },
  ]);
  assert.deepEqual(
    seen.headers.filter(({ name }) => name === "x-own"),
    [{ name: "x-own", value: "1" }],
  );
  assert.equal(seen.body, "in");
});

test("an answer that cannot be sent is cut off, and the next request is answered", async (t) => {
  const log: AccessLogEntry[] = [];
  const broken = { routes: ["GET /broken"], handle: () => ({ status: 200, body: 7 as unknown as string }) };
  const { url } = await serve(t, { echo, broken }, { accessLog: (entry) => log.push(entry) });
  await assert.rejects(fetch(`${url}/broken`));
  assert.equal((await fetch(`${url}/get`)).status, 200);
  assert.deepEqual(
    log.map(({ error }) => error?.code),
    ["HOST_FAULT", undefined],
  );
});

test("headers that stand repeatedly are kept apart, in both directions", async (t) => {
  const cookies = ["a=1", "b=2"].map((value) => ({ name: "Set-Cookie", value }));
  const { url } = await serve(t, {
    echo,
    c: { routes: ["GET /c"], handle: () => ({ status: 200, headers: cookies }) },
  });
  const text = await exchange(
    url,
    "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nx-a: 2\r\nConnection: close\r\n\r\n",
  );
  const seen = JSON.parse(text.slice(text.indexOf("\r\n\r\n"))) as HttpRequest;
  assert.deepEqual(
    seen.headers.filter(({ name }) => name === "x-a").map(({ value }) => value),
    ["1", "2"],
  );
  assert.deepEqual((await fetch(`${url}/c`)).headers.getSetCookie(), ["a=1", "b=2"]);
});

test("bytes of a body and of a header come back as they were", async (t) => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const same = {
    routes: ["POST /same"],
    handle: ({ headers, body }: HttpRequest) => ({
      status: 200,
      headers: headers.filter(({ name }) => name === "x-text"),
      body,
    }),
  };
  const { url } = await serve(t, { same });
  const answer = await fetch(`${url}/same`, {
    method: "POST",
    headers: { "x-text": "Gr\u00fc\u00dfe" },
    body: bytes,
  });
  assert.deepEqual(await answer.bytes(), bytes);
  assert.equal(answer.headers.get("x-text"), "Gr\u00fc\u00dfe");
});

test("HEAD is answered by GET without the body", async (t) => {
  const { url } = await serve(t, { echo });
  const [full, head] = await Promise.all([fetch(`${url}/get`), fetch(`${url}/get`, { method: "HEAD" })]);
  assert.equal(((await full.json()) as HttpRequest).method, "GET");
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
  assert.ok(Number(head.headers.get("content-length")) > 100);
});

test("a wrong method is told which ones are right, and OPTIONS asks for them", async (t) => {
  const { url } = await serve(t, { echo });
  const wrong = await fetch(`${url}/get`, { method: "POST", body: "x" });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.get("allow"), "GET, HEAD, OPTIONS");
  assert.equal(((await wrong.json()) as { title: string }).title, "Method Not Allowed");
  const options = await fetch(`${url}/post`, { method: "OPTIONS" });
  assert.equal(options.status, 204);
  assert.equal(options.headers.get("allow"), "OPTIONS, POST");
  assert.equal((await fetch(`${url}/echo`, { method: "OPTIONS" })).status, 200);
  assert.match(await exchange(url, "OPTIONS * HTTP/1.0\r\n\r\n"), /^HTTP\/1.1 204 /);
});

test("what nobody answers is a problem document with the request's id", async (t) => {
  const { url } = await serve(t, { echo });
  const answer = await fetch(`${url}/nowhere`);
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
  const requestId = answer.headers.get("x-request-id");
  assert.match(requestId ?? "", /^[\da-f-]{36}$/);
  assert.deepEqual(await answer.json(), { type: "about:blank", title: "Not Found", status: 404, requestId });
});

test("an id that is not fit for a log is replaced", async (t) => {
  const { url } = await serve(t, { echo });
  for (const id of ["a b", "x".repeat(200), "<script>"]) {
    const answer = await fetch(`${url}/get`, { headers: { "x-request-id": id } });
    assert.match(answer.headers.get("x-request-id") ?? "", /^[\da-f-]{36}$/);
    assert.equal(((await answer.json()) as HttpRequest).id, answer.headers.get("x-request-id"));
  }
});

test("a body that is too large is refused before it is read, and the client sees the answer", async (t) => {
  const { url } = await serve(t, { echo }, { maxBodyBytes: 1_000 });
  const post = (body: string | ReadableStream<Uint8Array>) =>
    fetch(`${url}/post`, { method: "POST", body, duplex: "half" });
  assert.equal((await post("x".repeat(1_000))).status, 200);
  const announced = await post("x".repeat(3_000_000));
  assert.equal(announced.status, 413);
  assert.match(((await announced.json()) as { detail: string }).detail, /1000 bytes/);
  assert.equal(announced.headers.get("connection"), "close");
  const chunk = new Uint8Array(100_000);
  const chunked = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < 20; i++) controller.enqueue(chunk);
      controller.close();
    },
  });
  assert.equal((await post(chunked)).status, 413);
});

function headOf(length: number, path = "/post"): string {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`;
}

test("a client that waits for 100 Continue gets it only if its body is welcome", async (t) => {
  const { url } = await serve(t, { echo }, { maxBodyBytes: 10 });
  assert.match(
    await exchange(url, `${headOf(2)}ab${get("/get", CLOSE)}`),
    /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/,
  );
  // Whether these clients still send their bodies cannot be known, so nothing can follow on their connections.
  assert.match(await exchange(url, headOf(11)), /^HTTP\/1.1 413 /);
  assert.match(await exchange(url, headOf(1, "/nowhere")), /^HTTP\/1.1 404 /);
});

test("headers of the connection are the host's, whatever a plugin says of them", async (t) => {
  const names = ["Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "X-Request-Id"];
  const headers = names.map((name) => ({ name, value: "chunked" }));
  const { url } = await serve(t, {
    a: { routes: ["GET /"], handle: () => ({ status: 200, headers, body: "ok" }) },
  });
  const answer = await fetch(url);
  assert.equal(await answer.text(), "ok");
  assert.equal(answer.headers.get("content-length"), "2");
  assert.equal(answer.headers.get("connection"), "keep-alive");
  assert.match(answer.headers.get("x-request-id") ?? "", /^[\da-f-]{36}$/);
});

test("an answer without a body has none, whatever a plugin puts there", async (t) => {
  const a = {
    routes: ["GET /:status"],
    handle: ({ params }: HttpRequest) => ({ status: Number(params[0]?.value), body: "body" }),
  };
  const { url } = await serve(t, { a });
  const text = await exchange(url, get("/204") + get("/304") + get("/200", CLOSE));
  assert.deepEqual(text.match(/HTTP\/1.1 \d+/g), ["HTTP/1.1 204", "HTTP/1.1 304", "HTTP/1.1 200"]);
  assert.equal(text.split("body").length, 2);
});

test("an answer that HTTP cannot carry is not sent", async (t) => {
  const answers = [
    { status: 200, headers: [{ name: "x-a", value: "1\r\nset-cookie: a=1" }] },
    { status: 200, headers: [{ name: "x a", value: "1" }] },
    { status: 200, headers: [{ name: "", value: "1" }] },
    { status: 200, headers: [{ name: "x-a", value: "\u20ac" }] },
    { status: 101 },
    { status: 600 },
  ];
  const log: AccessLogEntry[] = [];
  const a = {
    routes: ["GET /:n"],
    handle: ({ params }: HttpRequest) => answers[Number(params[0]?.value)] ?? { status: 200 },
  };
  const { url } = await serve(t, { a }, { accessLog: (entry) => log.push(entry) });
  for (const n of answers.keys()) {
    const answer = await fetch(`${url}/${n}`);
    assert.equal(answer.status, 502);
    assert.equal(answer.headers.get("set-cookie"), null);
    assert.equal(log.at(-1)?.error?.code, "PLUGIN_ANSWER_INVALID");
  }
});

test("a request that is no HTTP, or no good HTTP, is answered as a problem", async (t) => {
  const { url } = await serve(t, { echo });
  const cases: [string, number][] = [
    ["NONSENSE\r\n\r\n", 400],
    ["GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400],
    [get("/get", CLOSE, ""), 400],
    [get("/get", CLOSE, "Host: a\r\nHost: b\r\n"), 400],
    [get("/get", CLOSE, "Host: x\r\nBad Header: 1\r\n"), 400],
    [get("/get", CLOSE, `Host: x\r\nX: ${"x".repeat(40_000)}\r\n`), 431],
    [get("/%zz", CLOSE), 400],
    [get("get", CLOSE), 400],
    [get("/get#fragment", CLOSE), 400],
    [get("http://elsewhere/get?x=1", CLOSE), 200],
    [get("//get", CLOSE), 404],
    [
      "POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
    ],
    ["POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400],
    [
      "POST /post HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n0\r\n\r\n",
      200,
    ],
  ];
  for (const [text, status] of cases) {
    const answer = await exchange(url, text);
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), text);
    assert.match(answer, /\r\nx-request-id: [\w-]+\r\n/, text);
    if (status !== 200) assert.match(answer, /application\/problem\+json/, text);
  }
});

test("requests that are sent ahead are answered in their order", async (t) => {
  const slow = Promise.withResolvers<void>();
  const handle = async ({ path }: HttpRequest) => {
    if (path === "/1") await slow.promise;
    else slow.resolve();
    return { status: 200, body: `<${path}>` };
  };
  const { url } = await serve(t, { a: { routes: ["GET /:n"], handle } });
  const text = await exchange(url, get("/1") + get("/2") + get("/3", CLOSE));
  assert.deepEqual(text.match(/<.*?>/g), ["</1>", "</2>", "</3>"]);
});

test("each request is told to the access log, with what the client is not told", async (t) => {
  const log: AccessLogEntry[] = [];
  const trapped = { plugin: "bad", function: "f", trap: "unreachable", lastWords: "secret", frames: [] };
  const bad = {
    routes: ["GET /bad"],
    handle: () => Promise.reject(new HostError("PLUGIN_TRAPPED", trapped)),
  };
  const { url } = await serve(t, { echo, bad }, { accessLog: (entry) => log.push(entry) });
  await fetch(`${url}/post?token=secret`, { method: "POST", body: "x", headers: { "x-request-id": "one" } });
  const answer = await fetch(`${url}/bad`);
  assert.equal(answer.status, 502);
  assert.ok(!(await answer.text()).includes("secret"));
  const [first, second] = log;
  assert.deepEqual([first?.id, first?.method, first?.path, first?.plugin], ["one", "POST", "/post", "echo"]);
  assert.deepEqual([first?.status, first?.error], [200, undefined]);
  assert.ok(first?.sizeBytes && first.durationMs > 0);
  assert.deepEqual([second?.plugin, second?.status, second?.error?.code], ["bad", 502, "PLUGIN_TRAPPED"]);
});

test("an address that is taken is refused with what to do", async (t) => {
  const { host, server } = await serve(t, { echo });
  const { port } = new URL(server.url);
  await assert.rejects(createHttpServer(host, { port: Number(port) }), (error: HostError) => {
    assert.equal(error.code, "LISTEN_FAILED");
    assert.match(error.message, /"127.0.0.1", port \d+: another program listens there/);
    return true;
  });
});

test("a streamed answer that cannot be sent is given up, so that its plugin does not go on with it", async (t) => {
  let signal: AbortSignal | undefined;
  async function* body() {
    yield new Uint8Array(1);
  }
  const { url } = await serve(t, {
    odd: {
      routes: ["GET /odd"],
      exchange: async (_request: unknown, options?: { signal?: AbortSignal | undefined }) => {
        ({ signal } = options ?? {});
        return {
          status: 200,
          headers: [{ name: "no token", value: "" }],
          body: body(),
          takeWhole: () => undefined,
        };
      },
    },
  });
  assert.equal((await fetch(`${url}/odd`)).status, 502);
  assert.equal(signal?.aborted, true);
});
