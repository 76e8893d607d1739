import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import type { HttpRequest, HttpResponse } from "../../../host/component/contract/data.ts";
import { serve } from "./client.ts";

/** Middleware that writes its name into what passes. */
function stamping(name: string) {
  return {
    before: (request: HttpRequest) => ({
      tag: "next" as const,
      val: { ...request, path: `${request.path}>${name}` },
    }),
    after: (request: HttpRequest, { status, headers, body }: HttpResponse) => ({
      status,
      headers: [...headers, { name: "x-passed", value: `${name} ${request.path}` }],
      body: `${Buffer.from(body).toString()}<${name}`,
    }),
  };
}

const answer = { routes: ["GET /a"], handle: ({ path }: HttpRequest) => ({ status: 200, body: path }) };

test("middleware sees a request in the order in which it was loaded, and the answer in the reverse order", async (t) => {
  const { url } = await serve(t, { one: stamping("one"), answer, two: stamping("two") });
  const response = await fetch(`${url}/a`);
  assert.equal(await response.text(), "/a>one>two<two<one");
  assert.equal(response.headers.get("x-passed"), "two /a>one>two, one /a>one");
});

test("what middleware answers itself goes no further in", async (t) => {
  const stop = {
    before: () => ({ tag: "respond" as const, val: { status: 401, headers: [], body: Buffer.from("no") } }),
  };
  const { url } = await serve(t, { one: stamping("one"), stop, two: stamping("two"), answer });
  const response = await fetch(`${url}/a`);
  assert.equal(response.status, 401);
  assert.equal(await response.text(), "no<one");
});

test("a problem further in is an answer to middleware, and one of its own to the client", async (t) => {
  const failing = new HostError("PLUGIN_ERROR", {
    plugin: "answer",
    function: "http-plugin.handle-request",
    kind: "conflict",
    text: "Somebody was first.",
  });
  const seen: number[] = [];
  const watching = {
    before: (val: HttpRequest) => ({ tag: "next" as const, val }),
    after: (_: HttpRequest, response: HttpResponse) => (seen.push(response.status), response),
  };
  const breaking = { ...watching, after: () => Promise.reject(new Error("broken")) };
  const broken = { ...answer, handle: () => Promise.reject(failing) };
  const { host, url } = await serve(t, { watching, answer: broken });
  assert.equal((await fetch(`${url}/a`)).status, 409);
  host.swap("breaking", breaking);
  assert.equal((await fetch(`${url}/a`)).status, 500);
  assert.deepEqual(seen, [409, 500]);
});

test("middleware that cannot be asked lets nothing through", async (t) => {
  const notServing = new HostError("PLUGIN_NOT_SERVING", { plugin: "guard", state: "stopping", reason: "" });
  let asked = 0;
  const counted = { ...answer, handle: () => ({ status: 200, body: String(++asked) }) };
  const { url } = await serve(t, { guard: { before: () => Promise.reject(notServing) }, answer: counted });
  assert.equal((await fetch(`${url}/a`)).status, 503);
  assert.equal(asked, 0);
});

test("a request that has no route is not shown to middleware", async (t) => {
  const { url } = await serve(t, { one: stamping("one"), answer });
  const response = await fetch(`${url}/nowhere`);
  assert.equal(response.status, 404);
  assert.equal(response.headers.get("x-passed"), null);
});
