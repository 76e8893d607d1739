import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request, Response } from "../../build/contract-types.ts";
import { json } from "../../build/instance.ts";
import { ERROR_CASES, MALFORMED, tagged, type Start } from "./start.ts";

const EMPTY = new Uint8Array(0);

const REQUEST: Request = {
  id: "r-1",
  method: "POST",
  path: "/echo/7",
  params: [{ name: "id", value: "7" }],
  query: [
    { name: "q", value: "a b" },
    { name: "q", value: "é" },
  ],
  headers: [
    { name: "accept", value: "*/*" },
    { name: "accept", value: "text/plain" },
  ],
  body: new Uint8Array([0, 255, 128]),
  user: { id: 4_294_967_295, name: "Ada 🦣", roles: ["author", ""], claims: json({ born: 1815 }) },
};

const BARE: Request = {
  id: "",
  method: "GET",
  path: "/echo",
  params: [],
  query: [],
  headers: [],
  body: EMPTY,
  user: undefined,
};

export function httpTests(start: Start): void {
  const { httpPlugin, httpMiddleware } = start().exports;

  test("routes are told", () => {
    assert.deepEqual(httpPlugin.registerRoutes(), [
      { method: "GET", pattern: "/echo" },
      { method: "POST", pattern: "/echo" },
      { method: "*", pattern: "/echo/:id" },
      { method: "GET", pattern: "/files/*" },
    ]);
  });

  test("a request arrives whole, and its response too", () => {
    assert.deepEqual(httpPlugin.handleRequest(REQUEST), {
      status: 201,
      headers: [
        { name: "ACCEPT", value: "*/*" },
        { name: "ACCEPT", value: "text/plain" },
        { name: "x-path", value: "POST /echo/7" },
        { name: "x-query", value: "q=a b&q=é" },
        { name: "x-params", value: "id=7" },
        { name: "x-id", value: "r-1" },
        { name: "x-user", value: "Ada 🦣" },
      ],
      body: REQUEST.body,
    });
  });

  test("a request with nothing in it arrives too", () => {
    assert.deepEqual(httpPlugin.handleRequest(BARE), {
      status: 201,
      headers: [
        { name: "x-path", value: "GET /echo" },
        { name: "x-query", value: "" },
        { name: "x-params", value: "" },
        { name: "x-id", value: "" },
        { name: "x-user", value: "-" },
      ],
      body: EMPTY,
    });
  });

  test("a body of a megabyte and a thousand headers come back", () => {
    const body = new Uint8Array(1 << 20).map((_, i) => i * 31);
    const headers = Array.from({ length: 1000 }, (_, i) => ({ name: `x-${i}`, value: "é".repeat(i % 50) }));
    const response = httpPlugin.handleRequest({ ...BARE, body, headers });
    assert.deepEqual(response.body, body);
    assert.deepEqual(
      response.headers.slice(0, 1000),
      headers.map(({ name, value }) => ({ name: name.toUpperCase(), value })),
    );
  });

  test("every error reaches the one who asked", () => {
    for (const tag of ERROR_CASES) {
      const request = { ...BARE, path: `/echo/${tag}`, headers: [{ name: "x-error", value: tag }] };
      assert.throws(() => httpPlugin.handleRequest(request), { payload: { tag, val: `${tag} ✗ 🦣` } });
    }
  });

  test("claims that are no JSON are invalid input", () => {
    const user = { id: 1, name: "", roles: [], claims: MALFORMED };
    assert.throws(() => httpPlugin.handleRequest({ ...BARE, user }), tagged("invalid-input"));
    assert.throws(() => httpMiddleware.before({ ...BARE, user }), tagged("invalid-input"));
    assert.throws(() => httpMiddleware.after({ ...BARE, user }, RESPONSE), tagged("invalid-input"));
  });

  test("middleware lets a request go on, changed", () => {
    for (const request of [REQUEST, BARE]) {
      assert.deepEqual(httpMiddleware.before(request), {
        tag: "next",
        val: { ...request, headers: [...request.headers, { name: "x-before", value: "1" }] },
      });
    }
  });

  test("middleware answers a request itself", () => {
    const decision = httpMiddleware.before({ ...BARE, headers: [{ name: "x-stop", value: "stöp" }] });
    assert.ok(decision.tag === "respond");
    assert.equal(decision.val.status, 418);
    assert.equal(new TextDecoder().decode(decision.val.body), "stöp");
  });

  test("middleware changes a response", () => {
    assert.deepEqual(httpMiddleware.after(REQUEST, RESPONSE), {
      ...RESPONSE,
      headers: [...RESPONSE.headers, { name: "x-after", value: "1" }],
    });
  });
}

const RESPONSE: Response = {
  status: 599,
  headers: [{ name: "a", value: "b" }],
  body: new Uint8Array([1, 2]),
};
