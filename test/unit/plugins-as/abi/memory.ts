import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field, Request, User } from "../../build/contract-types.ts";
import { json, type Instance } from "../../build/instance.ts";
import { query, tagged, type Start } from "./start.ts";

const PARAMS = [
  { id: 1, name: "Ada 🦣", tags: ["a", "b", "c"], nested: { deep: [1.5, null, new Uint8Array(64)] } },
  "x".repeat(300),
];

// Long lists, so that one that is not freed is soon seen.
const REQUEST: Request = {
  id: "r-1",
  method: "POST",
  path: "/echo/7",
  params: fields(100),
  query: fields(100),
  headers: fields(100),
  body: new Uint8Array(2000),
  user: { id: 1, name: "ada", roles: fields(100).map(({ name }) => name), claims: json({ born: 1815 }) },
};

const SMALL: Request = {
  ...REQUEST,
  params: [],
  query: [],
  headers: [],
  body: new Uint8Array(0),
  user: undefined,
};

function fields(count: number): Field[] {
  return Array.from({ length: count }, (_, i) => ({ name: `x-${i}`, value: "value" }));
}

/** Something of everything: values, records, errors, lent lists, every kind of result that a service has. */
function callEverything(plugin: Instance): void {
  const { authPlugin, httpPlugin, httpMiddleware, httpStreamPlugin, notificationPlugin } = plugin.exports;
  query(plugin, "echo", PARAMS);
  query(plugin, "cache", ["k", PARAMS, 1000]);
  query(plugin, "config:a");
  query(plugin, "random", [100]);
  query(plugin, "peers", ["a", "b", "c", PARAMS]);
  query(plugin, "sql", ["SELECT 1 AS one", []]);
  query(plugin, "transaction", ["rollback"]);
  assert.throws(() => query(plugin, "error:conflict"), tagged("conflict"));
  assert.throws(() => query(plugin, "fetch", ["GET", "u", "body"]), tagged("unavailable"));
  httpPlugin.handleRequest(REQUEST);
  httpPlugin.registerRoutes();
  const { body: _, ...head } = REQUEST;
  httpStreamPlugin.handleStream({ ...head, path: "/streams/echo" });
  httpMiddleware.before(REQUEST);
  httpMiddleware.after(REQUEST, { status: 200, headers: REQUEST.headers, body: REQUEST.body });
  authPlugin.authenticate({ tag: "token", val: "token-1" });
  authPlugin.authorize(REQUEST.user as User, "invoices/7", "read");
  authPlugin.getUserPermissions(1);
  notificationPlugin.supportedChannels();
  plugin.exports.plugin.info();
  plugin.exports.state.save();
  plugin.exports.health.check();
}

/** Only what takes one block, but often. */
function callSmall({ exports: { httpPlugin, httpMiddleware } }: Instance): void {
  httpPlugin.handleRequest(SMALL);
  httpMiddleware.before(SMALL);
  httpMiddleware.after(SMALL, { status: 200, headers: [], body: SMALL.body });
}

export function memoryTests(start: Start): void {
  test("forty thousand calls leave the memory as the first did", () => {
    const plugin = start();
    const call = (rounds: number) => {
      for (let i = 0; i < rounds; i++) callEverything(plugin);
      for (let i = 0; i < 20 * rounds; i++) callSmall(plugin);
    };
    call(25);
    const before = plugin.memoryBytes();
    call(500);
    assert.equal(plugin.memoryBytes(), before);
  });
}
