import assert from "node:assert/strict";
import { test } from "node:test";
import { failure, json, value } from "../../build/instance.ts";
import { MALFORMED, query, tagged, type Start } from "./start.ts";

export function serviceTests(start: Start): void {
  test("settings are read as they stand now", () => {
    const settings = { server: { port: 8080 } };
    const plugin = start({
      config: {
        get: (key) => (key === "server.port 🦣" ? json(settings.server.port) : undefined),
        all: () => json(settings),
      },
    });
    assert.equal(query(plugin, "config:server.port 🦣"), 8080);
    assert.equal(query(plugin, "config:server.host"), null);
    assert.deepEqual(query(plugin, "config"), settings);
  });

  test("lines are logged at every level, with and without fields", () => {
    const plugin = start();
    plugin.logged.length = 0;
    for (const level of ["trace", "debug", "info", "warn", "error"]) {
      query(plugin, "log", [level, `${level} 🦣`, { level }]);
      query(plugin, "log", [level, "", null]);
      assert.deepEqual(plugin.logged.splice(0), [
        { level, message: `${level} 🦣`, fields: { level } },
        { level, message: "", fields: undefined },
      ]);
    }
  });

  test("the time is the host's, in 64 bits", () => {
    const plugin = start({ clock: { nowMs: () => 2n ** 64n - 1n, monotonicNs: () => 2n ** 53n + 1n } });
    assert.equal(query(plugin, "now"), 2n ** 64n - 1n);
    assert.equal(query(plugin, "monotonic"), 2n ** 53n + 1n);
  });

  test("random bytes are the host's, as many as asked for", () => {
    const asked: number[] = [];
    const bytes = new Uint8Array(65_536).map((_, i) => i * 7);
    const getBytes = (length: number) => {
      asked.push(length);
      return bytes.slice(0, length);
    };
    const plugin = start({ random: { getBytes, getU64: () => 0n } });
    assert.deepEqual(query(plugin, "random", [0]), bytes.slice(0, 0));
    assert.deepEqual(query(plugin, "random", [65_536]), bytes);
    assert.deepEqual(asked, [0, 65_536]);
  });

  test("the cache keeps what it is given, for as long as it is told", () => {
    const kept = new Map<string, Uint8Array>();
    const ttls: unknown[] = [];
    const plugin = start({
      cache: {
        get: (key) => kept.get(key),
        set(key, bytes, ttlMs) {
          kept.set(key, bytes);
          ttls.push(ttlMs);
        },
        delete: (key) => kept.delete(key),
      },
    });
    assert.deepEqual(query(plugin, "cache", ["k 🦣", { a: [1] }, 2n ** 40n]), { a: [1] });
    assert.deepEqual(query(plugin, "cache", ["", null, null]), null);
    assert.deepEqual(ttls, [2n ** 40n, undefined]);
    assert.equal(query(plugin, "cache-delete", ["k 🦣"]), true);
    assert.equal(query(plugin, "cache-delete", ["k 🦣"]), false);
  });

  test("a cache that forgets and one that fails are told apart", () => {
    const forgetful = start({ cache: { get: () => undefined, set: () => undefined, delete: () => false } });
    assert.equal(query(forgetful, "cache", ["k", 1, null]), null);
    const failing = start({ cache: { get: refuse, set: refuse, delete: refuse } });
    const full = { payload: { tag: "limit-exceeded", val: "full 🦣" } };
    assert.throws(() => query(failing, "cache", ["k", 1, null]), full);
    assert.throws(() => query(failing, "cache-delete", ["k"]), full);
  });

  test("a peer is called by name, and its error comes back", () => {
    const calls: unknown[] = [];
    const plugin = start({
      peers: {
        call(...[name, capability, what, args]) {
          calls.push([name, capability, what, value(args)]);
          if (what === "missing") throw failure("unsupported", "no 🦣");
          return json({ tag: "success", val: null });
        },
      },
    });
    const args = [{ id: 1, roles: [] }, "invoices/7", "read"];
    assert.deepEqual(query(plugin, "peers", ["auth", "auth-plugin", "authorize", args]), {
      tag: "success",
      val: null,
    });
    assert.deepEqual(calls, [["auth", "auth-plugin", "authorize", args]]);
    assert.throws(() => query(plugin, "peers", ["a", "b", "missing", []]), {
      payload: { tag: "unsupported", val: "no 🦣" },
    });
  });

  test("a peer's answer that is no JSON is an error", () => {
    const plugin = start({ peers: { call: () => MALFORMED } });
    assert.throws(
      () => query(plugin, "peers", ["a", "b", "c", []]),
      (error: { payload?: unknown }) => {
        assert.ok(error.payload);
        return true;
      },
    );
  });

  test("a request goes out whole, and its response comes in whole", () => {
    const sent: unknown[] = [];
    const plugin = start({
      httpClient: {
        send(request) {
          sent.push(request);
          return { status: 599, headers: [{ name: "a", value: "1" }], body: request.body };
        },
      },
    });
    assert.deepEqual(query(plugin, "fetch", ["POST", "https://example.test/ü?q=1", "bödy 🦣"]), {
      status: 599,
      body: "bödy 🦣",
    });
    const body = new TextEncoder().encode("bödy 🦣");
    assert.deepEqual(sent, [
      { method: "POST", url: "https://example.test/ü?q=1", headers: [], body, timeoutMs: undefined },
    ]);
    assert.deepEqual(query(plugin, "fetch", ["GET", "", ""]), { status: 599, body: "" });
  });

  test("a request that cannot go out is an error", () => {
    assert.throws(() => query(start(), "fetch", ["GET", "https://example.test", ""]), tagged("unavailable"));
  });
}

function refuse(): never {
  throw failure("limit-exceeded", "full 🦣");
}
