import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpPluginStatus } from "../../../host/http/http-host.ts";
import { parseRoutePattern } from "../../../host/http/route-pattern.ts";
import { RouteTable } from "../../../host/http/route-table.ts";

function plugin(name: string, ...routes: string[]): HttpPluginStatus {
  const parsed = routes.map((route) => {
    const [method = "", pattern = ""] = route.split(" ");
    return { method, pattern };
  });
  return { name, capabilities: ["http-plugin"], routes: parsed, streamRoutes: [], mount: "", streams: false };
}

function answering(table: RouteTable, method: string, path: string): string | undefined {
  return table.find(method, path)?.plugin;
}

test("a parameter binds one decoded segment and a star binds the rest", () => {
  const table = new RouteTable([plugin("a", "GET /users/:id", "GET /files/*", "GET /a/:x/b/:y")]);
  const params = (path: string) => table.find("GET", path)?.params;
  assert.deepEqual(params("/users/7"), [{ name: "id", value: "7" }]);
  assert.deepEqual(params("/users/a%2Fb%20c"), [{ name: "id", value: "a/b c" }]);
  assert.deepEqual(params("/files/a/b"), [{ name: "*", value: "a/b" }]);
  assert.deepEqual(params("/a/1/b/%C3%A9"), [
    { name: "x", value: "1" },
    { name: "y", value: "é" },
  ]);
  assert.equal(params("/users/7/posts"), undefined);
  assert.equal(params("/users/"), undefined);
  assert.equal(params("/a//b/1"), undefined);
  assert.deepEqual(params("/files/"), [{ name: "*", value: "" }]);
  assert.equal(params("/files"), undefined);
  assert.equal(params("/users/%zz"), undefined);
});

test("a parameter binds no empty segment", () => {
  const table = new RouteTable([
    plugin("a", "GET /users/:id", "GET /a/:x/b", "GET /files/:id", "GET /files/*"),
  ]);
  for (const path of ["/users/", "/users", "/a//b"])
    assert.equal(answering(table, "GET", path), undefined, path);
  assert.deepEqual(table.find("GET", "/files/")?.params, [{ name: "*", value: "" }]);
  assert.deepEqual(table.find("GET", "/users/%0A")?.params, [{ name: "id", value: "\n" }]);
  assert.deepEqual(table.allowedAt("/users/"), []);
});

test("the more exact pattern wins, whoever has it", () => {
  const table = new RouteTable([plugin("a", "GET /users/:id", "GET /*"), plugin("b", "GET /users/me")]);
  assert.equal(answering(table, "GET", "/users/me"), "b");
  assert.equal(answering(table, "GET", "/users/you"), "a");
  assert.equal(answering(table, "GET", "/"), "a");
});

test("a route that two plugins want goes to the one that was loaded first", () => {
  const table = new RouteTable([plugin("a", "GET /users/:id"), plugin("b", "GET /users/:name", "GET /b")]);
  assert.equal(answering(table, "GET", "/users/7"), "a");
  assert.equal(answering(table, "GET", "/b"), "b");
  const [refusal] = table.refused;
  assert.equal(refusal?.code, "ROUTE_CONFLICT");
  assert.match(refusal.message, /"GET" "\/users\/:name" of plugin "b" .* plugin "a"/);
  assert.deepEqual(
    table.mounted.map(({ plugin: name, pattern }) => `${name} ${pattern}`),
    ["a /users/:id", "b /b"],
  );
});

test("a star for the method meets every method of another plugin, and only fills in for its own", () => {
  const table = new RouteTable([plugin("a", "GET /x", "* /x"), plugin("b", "POST /x"), plugin("c", "* /y")]);
  assert.equal(answering(table, "GET", "/x"), "a");
  assert.equal(answering(table, "PURGE", "/x"), "a");
  assert.equal(answering(table, "OPTIONS", "/y"), "c");
  assert.deepEqual(
    table.refused.map(({ code }) => code),
    ["ROUTE_CONFLICT"],
  );
});

test("a new build does not take a route away from a plugin that was loaded later", () => {
  const before = new RouteTable([plugin("a", "GET /a"), plugin("b", "GET /b")]);
  const after = new RouteTable([plugin("a", "GET /a", "GET /b"), plugin("b", "GET /b")], before);
  assert.equal(answering(after, "GET", "/b"), "b");
  assert.equal(after.refused[0]?.code, "ROUTE_CONFLICT");
  const without = new RouteTable([plugin("a", "GET /a", "GET /b")], after);
  assert.equal(answering(without, "GET", "/b"), "a");
  assert.deepEqual(without.refused, []);
});

test("HEAD is found where there is a GET, unless somebody answers it himself", () => {
  const table = new RouteTable([plugin("a", "GET /x", "GET /y", "HEAD /y", "POST /z")]);
  assert.equal(table.find("HEAD", "/x")?.method, "GET");
  assert.equal(table.find("HEAD", "/y")?.method, "HEAD");
  assert.equal(table.find("HEAD", "/z"), undefined);
  assert.deepEqual(table.allowedAt("/x"), ["GET", "HEAD", "OPTIONS"]);
  assert.deepEqual(table.allowedAt("/z"), ["OPTIONS", "POST"]);
  assert.deepEqual(table.allowedAt("/nowhere"), []);
});

test("what is no route is not served, and what it is that is wrong is told", () => {
  const table = new RouteTable([
    plugin("a", "BREW /pot", "GET users", "GET /:a/:a", "GET /x/*/y", "GET /:id(\\d+)", "GET /ok", "GET /ok"),
  ]);
  assert.ok(table.refused.every(({ code }) => code === "ROUTE_INVALID"));
  assert.deepEqual(
    table.refused.map(({ message }) => /not served: (.*)\.$/.exec(message)?.[1]),
    [
      "its method is none that HTTP knows",
      "it does not start with a slash",
      "it binds a twice",
      'a segment is a plain text, or ":name", or, at the end, "*"',
      'a segment is a plain text, or ":name", or, at the end, "*"',
      "it is there twice",
    ],
  );
  assert.deepEqual(table.mounted, [{ plugin: "a", method: "GET", pattern: "/ok" }]);
});

test("what a router would read as an expression of its own is no pattern", () => {
  for (const pattern of [
    "/:a-:b",
    "/:a?",
    "/a*",
    "/(.*)::",
    "/:9",
    "/%2F",
    "/a b",
    "/\u0000",
    `/${"x".repeat(1_000)}`,
  ]) {
    assert.equal(typeof parseRoutePattern(pattern), "string", pattern);
  }
  assert.deepEqual(parseRoutePattern("/"), { canonical: "/", names: [] });
  assert.deepEqual(parseRoutePattern("/café/:id/*"), { canonical: "/café/:0([^]+)/*", names: ["id", "*"] });
});

test("what a parameter does not bind goes to a wider pattern", () => {
  const table = new RouteTable([plugin("a", "GET /users/:id"), plugin("b", "GET /*")]);
  assert.equal(answering(table, "GET", "/users/7"), "a");
  assert.equal(answering(table, "GET", "/users/"), "b");
});

test("a mounted plugin has its routes below its mount, and its root there with a slash or without", () => {
  const shop = { ...plugin("shop", "GET /", "GET /items/:id"), mount: "/shop" };
  const standard = { ...plugin("standard", "* /*"), mount: "/any/where", streams: true };
  const table = new RouteTable([plugin("a", "GET /", "GET /items/:id"), shop, standard]);
  assert.deepEqual(table.refused, []);
  assert.equal(answering(table, "GET", "/items/7"), "a");
  for (const path of ["/shop", "/shop/", "/shop/items/7"])
    assert.equal(answering(table, "GET", path), "shop");
  assert.equal(answering(table, "GET", "/shopping"), undefined);
  for (const path of ["/any/where", "/any/where/", "/any/where/else"]) {
    assert.equal(answering(table, "POST", path), "standard");
  }
  assert.deepEqual(table.find("PUT", "/any/where"), {
    plugin: "standard",
    mount: "/any/where",
    by: "incoming-handler",
    method: "PUT",
    params: [{ name: "*", value: "" }],
  });
});

test("two plugins that are mounted at one place conflict where their routes do, and both are named", () => {
  const [one, other] = ["one", "other"].map((name) => ({
    ...plugin(name, "GET /x", `GET /${name}`),
    mount: "/m",
  }));
  assert.ok(one && other);
  const table = new RouteTable([one, other]);
  assert.deepEqual(
    table.refused.map(({ code, details }) => [code, details]),
    [["ROUTE_CONFLICT", { plugin: "other", method: "GET", pattern: "/m/x", holder: "one" }]],
  );
});
