import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "../instance.ts";
import { json } from "../instance.ts";
import { query, tagged, type Start } from "../start.ts";

const PARAMS = [
  { id: 1, name: "Ada 🦣", tags: ["a", "b", "c"], nested: { deep: [1.5, null, new Uint8Array(64)] } },
  "x".repeat(300),
];

const REQUEST = {
  id: "r-1",
  method: "POST",
  path: "/echo/7",
  params: [{ name: "id", value: "7" }],
  query: [],
  headers: Array.from({ length: 10 }, (_, i) => ({ name: `x-${i}`, value: "value" })),
  body: new Uint8Array(2000),
  user: { id: 1, name: "ada", roles: ["admin"], claims: json({ born: 1815 }) },
};

/** Something of everything: values, records, errors, lent lists, every kind of result that a service has. */
function callEverything(plugin: Instance): void {
  const { authPlugin, httpPlugin, httpMiddleware, notificationPlugin } = plugin.exports;
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
  httpMiddleware.before(REQUEST);
  httpMiddleware.after(REQUEST, { status: 200, headers: REQUEST.headers, body: REQUEST.body });
  authPlugin.authenticate({ tag: "token", val: "token-1" });
  authPlugin.authorize(REQUEST.user, "invoices/7", "read");
  authPlugin.getUserPermissions(1);
  notificationPlugin.supportedChannels();
  plugin.exports.plugin.info();
  plugin.exports.state.save();
  plugin.exports.health.check();
}

const CALLS = 20;

export function memoryTests(start: Start): void {
  test("twelve thousand calls leave the memory as a thousand did", () => {
    const plugin = start();
    for (let i = 0; i < 1000 / CALLS; i++) callEverything(plugin);
    const before = plugin.memoryBytes();
    for (let i = 0; i < 11_000 / CALLS; i++) callEverything(plugin);
    assert.equal(plugin.memoryBytes(), before);
  });
}
