import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { buildRust } from "../../../host/build/rust.ts";
import type { RustTarget } from "../../../host/build/rust-toolchain.ts";
import { type ComponentInstance, transpile } from "./component-instance.ts";
import { ADA, CASES, REQUEST, VALUES } from "./conformance-values.ts";
import { decode, encode } from "./plain-services.ts";
import { rustTest } from "./rust-toolchain-here.ts";

const CONFORMANCE = new URL("../../fixtures/conformance-rust", import.meta.url).pathname;
const TARGETS: readonly RustTarget[] = ["wasm32-unknown-unknown", "wasm32-wasip2"];
const folder = await mkdtemp(join(tmpdir(), "rust-plugins-"));
after(() => rm(folder, { recursive: true }));

for (const target of TARGETS) {
  let loaded: ReturnType<typeof transpile> | undefined;
  const build = async () => {
    const { file } = await buildRust(CONFORMANCE, {
      target,
      outFile: join(folder, target, "conformance.wasm"),
    });
    return transpile(await readFile(file));
  };
  const start = async (settings: object = {}) => {
    const plugin = await (await (loaded ??= build()))(settings);
    await plugin.call("plugin", "initialize", encode(settings));
    return plugin;
  };
  const fact = (title: string, body: () => Promise<void>) => rustTest(target, `${title} (${target})`, body);

  fact("it says who it is, before and after it is initialised", async () => {
    const plugin = await start({ a: 1 });
    assert.deepEqual(await plugin.call("plugin", "info"), {
      name: "conformance",
      version: "1.2.3",
      description: "Answers so that a test can tell – 🦣",
    });
    assert.deepEqual(plugin.log, [{ level: "info", message: "initialised", fields: { a: 1 } }]);
  });

  fact("values come back as they went", async () => {
    const plugin = await start();
    for (const value of VALUES) assert.deepEqual(await query(plugin, "echo", value), value);
  });

  fact("every case of an error comes back with its text", async () => {
    const plugin = await start();
    for (const tag of CASES) {
      const error = { tag, val: `${tag} ✗ 🦣` };
      await assert.rejects(query(plugin, `error:${tag}`), error);
      const headers = [{ name: "x-error", value: tag }];
      await assert.rejects(plugin.call("httpPlugin", "handleRequest", { ...REQUEST, headers }), error);
    }
    await assert.rejects(query(plugin, "?"), { tag: "not-found", val: "no such query: ?" });
    await assert.rejects(plugin.call("databasePlugin", "executeQuery", "echo", encode({})), {
      tag: "invalid-input",
    });
  });

  fact("settings can be refused", async () => {
    await assert.rejects(start({ fail: "no ✗" }), { tag: "invalid-input", val: "no ✗" });
    const plugin = await start({ failShutdown: true, unhealthy: true });
    await assert.rejects(plugin.call("health", "check"), { tag: "unavailable", val: "unhealthy on purpose" });
    await assert.rejects(plugin.call("plugin", "shutdown"), {
      tag: "internal",
      val: "shutdown failed on purpose",
    });
  });

  fact("a panic traps, and its text and place are in the log", async () => {
    const plugin = await start();
    await assert.rejects(query(plugin, "trap"), WebAssembly.RuntimeError);
    const last = plugin.log.at(-1);
    assert.equal(last?.level, "error");
    assert.match(
      last?.message ?? "",
      /^panicked at conformance[/]src[/]hostile\.rs:\d+:\d+: trapped on purpose$/,
    );
    await assert.rejects(query(await start(), "unreachable"), WebAssembly.RuntimeError);
    await assert.rejects(query(await start(), "recurse"), RangeError);
  });

  fact("services answer", async () => {
    const plugin = await start({ server: { port: 80 } });
    assert.equal(await query(plugin, "config:server.port"), 80);
    assert.equal(await query(plugin, "config:server.host"), null);
    assert.deepEqual(await query(plugin, "config"), { server: { port: 80 } });
    assert.deepEqual(await query(plugin, "settings"), { server: { port: 80 } });
    assert.deepEqual(await query(plugin, "cache", ["key", { a: [1n << 63n] }, 1000]), { a: [1n << 63n] });
    assert.equal(await query(plugin, "cache-delete", ["key"]), true);
    assert.equal(await query(plugin, "cache-delete", ["key"]), false);
    assert.equal(await query(plugin, "now"), 1_800_000_000_000);
    assert.equal(await query(plugin, "monotonic"), 2n ** 63n);
    assert.deepEqual(await query(plugin, "random", [3]), new Uint8Array([7, 7, 7]));
    assert.equal(await query(plugin, "log", ["warn", "careful", { why: "🦣" }]), null);
    assert.deepEqual(plugin.log.at(-1), { level: "warn", message: "careful", fields: { why: "🦣" } });
    assert.deepEqual(await query(plugin, "peers", ["there", "auth-plugin", "authorize", [1]]), [
      "auth-plugin",
      "authorize",
      [1],
    ]);
    await assert.rejects(query(plugin, "peers", ["gone", "a", "b", []]), {
      tag: "not-found",
      val: "no plugin gone",
    });
    assert.deepEqual(await query(plugin, "fetch", ["POST", "http://a/", "🦣"]), { status: 202, body: "🦣" });
  });

  fact("a database is queried, and its transactions end as they should", async () => {
    const plugin = await start();
    await plugin.call(
      "databasePlugin",
      "createTable",
      "t",
      "CREATE TABLE t (id INTEGER PRIMARY KEY, name, photo)",
    );
    const insert = "INSERT INTO t (name, photo) VALUES (?, ?)";
    assert.equal(await query(plugin, "execute", [insert, ["🦣", new Uint8Array([0, 255])]]), 1);
    const rows = [{ id: 1, name: "🦣", photo: new Uint8Array([0, 255]) }];
    assert.deepEqual(await query(plugin, "sql", ["SELECT * FROM t", []]), rows);
    for (const ending of ["rollback", "drop"]) {
      await query(plugin, "transaction", [[insert, ["a", null]], [insert, ["b", null]], ending]);
      assert.deepEqual(await query(plugin, "sql", ["SELECT * FROM t", []]), rows);
    }
    await query(plugin, "transaction", [[insert, ["a", null]], "commit"]);
    assert.deepEqual(await query(plugin, "sql", ["SELECT count(*) AS n FROM t", []]), [{ n: 2 }]);
    await assert.rejects(query(plugin, "sql", ["nonsense", []]), { tag: "invalid-input" });
    await assert.rejects(query(plugin, "sql", ["SELECT ?", "no list"]), { tag: "invalid-input" });
    await assert.rejects(query(await start({ database: "other" }), "sql", ["SELECT 1", []]), {
      tag: "not-found",
      val: "no database other",
    });
    assert.equal(plugin.statements.filter((statement) => statement === "closed").length > 0, true);
  });

  fact("requests and their answers cross whole", async () => {
    const plugin = await start();
    assert.deepEqual(await plugin.call("httpPlugin", "registerRoutes"), [
      { method: "GET", pattern: "/echo" },
      { method: "POST", pattern: "/echo" },
      { method: "*", pattern: "/echo/:id" },
      { method: "GET", pattern: "/files/*" },
    ]);
    const body = new Uint8Array(1_000_000).map((_, i) => i);
    const response = await plugin.call("httpPlugin", "handleRequest", { ...REQUEST, body });
    assert.deepEqual(response, {
      status: 201,
      headers: [
        { name: "ACCEPT", value: "*/*" },
        { name: "x-path", value: "POST /echo/🦣" },
        { name: "x-query", value: "a=1&a=2" },
        { name: "x-params", value: "id=🦣" },
        { name: "x-id", value: "request-1" },
        { name: "x-user", value: "ada" },
      ],
      body,
    });
  });

  fact("middleware lets a request through, or answers it", async () => {
    const plugin = await start();
    const next = (await plugin.call("httpMiddleware", "before", REQUEST)) as {
      tag: string;
      val: typeof REQUEST;
    };
    assert.equal(next.tag, "next");
    assert.deepEqual(next.val.headers, [...REQUEST.headers, { name: "x-before", value: "1" }]);
    assert.deepEqual(decode(next.val.user.claims), { born: 1815 });
    const stopped = { ...REQUEST, user: undefined, headers: [{ name: "x-stop", value: "🦣" }] };
    const body = new TextEncoder().encode("🦣");
    assert.deepEqual(await plugin.call("httpMiddleware", "before", stopped), {
      tag: "respond",
      val: { status: 418, headers: [], body },
    });
    assert.deepEqual(
      await plugin.call("httpMiddleware", "after", REQUEST, { status: 200, headers: [], body }),
      {
        status: 200,
        headers: [{ name: "x-after", value: "1" }],
        body,
      },
    );
  });

  fact("users are known by password and token", async () => {
    const plugin = await start();
    const authenticate = (credentials: object) => plugin.call("authPlugin", "authenticate", credentials);
    const known = (await authenticate(password("ada", "lovelace"))) as {
      tag: string;
      val: { user: typeof ADA };
    };
    assert.deepEqual(known, {
      tag: "success",
      val: {
        user: { ...ADA, claims: known.val.user.claims },
        token: "token-1",
        expiresAtMs: 4_102_444_800_000n,
      },
    });
    assert.deepEqual(decode(known.val.user.claims), { born: 1815 });
    assert.deepEqual(await authenticate({ tag: "token", val: "token-1" }), known);
    assert.deepEqual(await authenticate(password("ada", "")), { tag: "failure", val: "No." });
    await assert.rejects(authenticate(password("error", "")), { tag: "denied", val: "locked" });
    assert.equal(await plugin.call("authPlugin", "authorize", ADA, "x", "write"), true);
    assert.equal(await plugin.call("authPlugin", "authorize", { ...ADA, roles: [] }, "x", "write"), false);
    assert.equal(await plugin.call("authPlugin", "authorize", { ...ADA, roles: [] }, "x", "read"), true);
    assert.deepEqual(await plugin.call("authPlugin", "getUserPermissions", 1), ["*:*"]);
    assert.deepEqual(await plugin.call("authPlugin", "getUserPermissions", 2), []);
    await assert.rejects(plugin.call("authPlugin", "getUserPermissions", 3), {
      tag: "not-found",
      val: "no user 3",
    });
  });

  fact("notifications go out, or there is no such channel", async () => {
    const plugin = await start();
    const send = (channel: string) =>
      plugin.call("notificationPlugin", "sendNotification", {
        channel,
        recipient: "http://a/",
        subject: "news",
        body: "🦣",
        data: encode({ n: 1 }),
      });
    await send("log");
    assert.deepEqual(plugin.log.at(-1), {
      level: "info",
      message: "news",
      fields: { recipient: "http://a/", body: "🦣", data: { n: 1 } },
    });
    await send("webhook");
    await assert.rejects(send("pigeon"), { tag: "unsupported", val: "no channel pigeon" });
    assert.deepEqual(await plugin.call("notificationPlugin", "supportedChannels"), ["log", "webhook"]);
    assert.equal(await plugin.call("notificationPlugin", "testConnection"), true);
  });

  fact("state is handed over", async () => {
    const [old, next] = [await start(), await start()];
    await query(old, "count");
    assert.equal(await query(old, "count"), 2);
    const saved = await old.call("state", "save");
    await next.call("state", "restore", saved, "1.0.0");
    assert.deepEqual(next.log.at(-1), { level: "info", message: "restored", fields: { savedBy: "1.0.0" } });
    assert.equal(await query(next, "count"), 3);
    await assert.rejects(next.call("state", "restore", encode({ count: -1 }), "1"), { tag: "invalid-input" });
    await assert.rejects(next.call("state", "restore", encode("nonsense"), "1"), { tag: "invalid-input" });
  });

  fact("ten thousand calls leave the memory flat", async () => {
    const plugin = await start();
    const params = encode(VALUES);
    const request = { ...REQUEST, body: new Uint8Array(10_000) };
    let before = 0;
    for (let i = 0; i < 10_000; i++) {
      if (i === 1_000) before = plugin.memoryBytes();
      await plugin.call("databasePlugin", "executeQuery", "echo", params);
      if (i % 10 === 0) await plugin.call("httpPlugin", "handleRequest", request);
      if (i % 10 === 5) await assert.rejects(query(plugin, "error:internal"));
    }
    assert.equal(plugin.memoryBytes(), before);
    assert.equal(await query(plugin, "allocate", [10_000_000]), 10_000_000);
    assert.equal(await query(plugin, "allocate", [1]), 10_000_001);
    assert.equal(await query(plugin, "free"), null);
  });
}

async function query(
  plugin: ComponentInstance,
  text: string,
  params: readonly unknown[] = [],
): Promise<unknown> {
  return decode((await plugin.call("databasePlugin", "executeQuery", text, encode(params))) as Uint8Array);
}

function password(username: string, word: string): object {
  return { tag: "password", val: { username, password: word } };
}
