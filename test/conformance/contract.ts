import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, suite, test } from "node:test";
import { createHost, type Host, HostError, type JsonValue, type PluginHandle } from "tusk-host";
import type { Placement } from "../../host/config/settings.ts";
import type { ErrorKind } from "../../host/component/contract/service-error.ts";
import { fixture, type FixtureName, skipUnlessBuilt } from "../kit/fixtures.ts";
import { recordingLog } from "tusk-host/testing";
import { settingsFor } from "../kit/settings-for.ts";
import { type SmtpSink, smtpSink } from "../kit/smtp-sink.ts";

const PERMISSIONS = {
  cache: true,
  database: ["main"],
  "http-client": ["127.0.0.1"],
  mail: ["*@example.com"],
} as const;

const KINDS: readonly ErrorKind[] = [
  "invalid-input",
  "not-found",
  "conflict",
  "denied",
  "limit-exceeded",
  "timeout",
  "unavailable",
  "unsupported",
  "internal",
];

/**
 * What every plugin language owes the contract, whatever it is compiled from and wherever it runs. `build` is
 * the conformance plugin, of which there is a twin in each language.
 */
export function contractConformance(
  language: string,
  build: FixtureName,
  placement: Placement = "inline",
): void {
  suite(
    `a plugin in ${language}${placement === "worker" ? " in a worker" : ""}`,
    { skip: skipUnlessBuilt(build) },
    () => {
      const log = recordingLog();
      let host: Host;
      let plugin: PluginHandle;
      let mailbox: SmtpSink;
      const query = (text: string, ...params: unknown[]) => plugin.database.executeQuery(text, params);

      before(async () => {
        const path = fixture(build);
        mailbox = await smtpSink();
        host = await createHost({
          log,
          settings: await settingsFor(
            {
              conformance: {
                path,
                placement,
                config: { greeting: "hello 🦣", nested: { deep: [1, { x: null }] } },
                permissions: PERMISSIONS,
                dependencies: ["peer"],
              },
              peer: {
                path,
                placement,
                permissions: PERMISSIONS,
                dependencies: ["nobody?"],
              },
            },
            { mail: { url: mailbox.url, from: "tusk@example.com" } },
          ),
        });
        plugin = host.plugin("conformance");
        assert.equal(plugin.status().state, "serving", plugin.status().problem?.message ?? "");
      });
      after(async () => {
        await host?.shutdown();
        await mailbox?.[Symbol.asyncDispose]();
      });

      test("says who it is", () => {
        assert.deepEqual(plugin.status().info, {
          name: "conformance",
          version: "1.2.3",
          description: "Answers so that a test can tell – 🦣",
        });
      });

      test("is initialised with its settings", async () => {
        const settings = { greeting: "hello 🦣", nested: { deep: [1, { x: null }] } };
        assert.deepEqual(await query("settings"), settings);
        assert.deepEqual(await query("config"), settings);
        assert.deepEqual(await query("config:nested.deep"), [1, { x: null }]);
        assert.equal(await query("config:nothing.there"), null);
        assert.ok(
          log.entries.some(({ message, fields }) => message === "initialised" && fields !== undefined),
        );
      });

      const values: [string, JsonValue][] = [
        ["null", null],
        ["booleans", [true, false]],
        ["emoji, NUL and other scripts", "🦣\u0000ß漢字 e\u0301"],
        ["an empty string", ""],
        ["empty lists and objects", [[], {}, [[]]]],
        ["integers", [0, 1, -1, 127, 128, -32, -33, 255, 256, 65_535, 65_536, 2 ** 31, -(2 ** 31), 2 ** 32]],
        ["integers that a number holds exactly", [2 ** 53 - 1, -(2 ** 53) + 1]],
        ["integers of 64 bits", [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n]],
        ["floats", [0.5, -0.1, 1e300, 5e-324, 1.7976931348623157e308, Math.PI]],
        ["dates as strings", ["2026-11-22T18:53:34.123Z", "1970-01-01"]],
        ["an object with odd keys", { "": 1, "a.b": 2, constructor: 3, "🦣": 4, 日本: 5 }],
        ["a long list", Array.from({ length: 10_000 }, (_, i) => i)],
        ["a long string", "päd🦣".repeat(50_000)],
        ["many members", Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`key${i}`, i]))],
        ["deep nesting", nested(120)],
      ];
      for (const [what, value] of values) {
        test(`gives back ${what}`, async () => {
          assert.deepEqual(await query("echo", value), [value]);
        });
      }

      test("gives back no parameters at all", async () => {
        assert.deepEqual(await query("echo"), []);
        assert.deepEqual(await query("echo-raw"), []);
      });

      test("sees a lone surrogate as U+FFFD", async () => {
        assert.deepEqual(await query("echo", "a\ud800b", { "\udc00": 1 }), ["a\ufffdb", { "\ufffd": 1 }]);
        await assert.rejects(query("x\ud800"), isError("not-found", "no such query: x\ufffd"));
      });

      for (const kind of KINDS) {
        test(`answers with the error ${kind}`, async () => {
          await assert.rejects(query(`error:${kind}`), isError(kind, `${kind} ✗ 🦣`));
          assert.deepEqual(await query("echo", "still there"), ["still there"]);
        });
      }

      test("answers an unknown query with not-found", async () => {
        await assert.rejects(query("what?"), isError("not-found", "no such query: what?"));
      });

      test("takes and gives a body of 1 MB", async () => {
        const body = Buffer.alloc(1 << 20, "0123456789abcdef");
        const response = await plugin.http.handleRequest({ method: "POST", path: "/echo", body });
        assert.equal(Buffer.compare(response.body, body), 0);
      });

      test("sees a request as it was, and its response arrives as it gave it", async () => {
        const response = await plugin.http.handleRequest({
          id: "request-1",
          method: "GET",
          path: "/echo/7",
          params: [{ name: "id", value: "7" }],
          query: [
            { name: "a", value: "1" },
            { name: "a", value: "🦣" },
          ],
          headers: [
            { name: "accept", value: "*/*" },
            { name: "accept", value: "text/plain" },
          ],
          user: { id: 7, name: "ada", roles: ["admin"], claims: { born: 1815 } },
        });
        assert.equal(response.status, 201);
        assert.deepEqual(
          response.headers.map(({ name, value }) => [name, value]),
          [
            ["ACCEPT", "*/*"],
            ["ACCEPT", "text/plain"],
            ["x-path", "GET /echo/7"],
            ["x-query", "a=1&a=🦣"],
            ["x-params", "id=7"],
            ["x-id", "request-1"],
            ["x-user", "ada"],
          ],
        );
        assert.equal(response.body.length, 0);
      });

      test("answers a request that has nothing in it", async () => {
        const { headers, body } = await plugin.http.handleRequest({ method: "GET", path: "/echo" });
        assert.deepEqual(headers.find(({ name }) => name === "x-user")?.value, "-");
        assert.equal(body.length, 0);
      });

      for (const kind of KINDS) {
        test(`answers a request with the error ${kind}`, async () => {
          const headers = [{ name: "x-error", value: kind }];
          await assert.rejects(
            plugin.http.handleRequest({ method: "GET", path: "/echo", headers }),
            isError(kind, `${kind} ✗ 🦣`),
          );
        });
      }

      test("has routes", async () => {
        assert.deepEqual(await plugin.http.registerRoutes(), [
          { method: "GET", pattern: "/echo" },
          { method: "POST", pattern: "/echo" },
          { method: "*", pattern: "/echo/:id" },
          { method: "GET", pattern: "/files/*" },
        ]);
      });

      test("is middleware that changes requests and responses, or answers by itself", async () => {
        const request = { id: "m", method: "GET", path: "/", headers: [{ name: "a", value: "b" }] };
        const next = await plugin.middleware.before(request);
        assert.equal(next.tag, "next");
        assert.deepEqual(next.val.headers.at(-1), { name: "x-before", value: "1" });
        const stop = await plugin.middleware.before({
          ...request,
          headers: [{ name: "x-stop", value: "teapot" }],
        });
        assert.ok(stop.tag === "respond");
        assert.equal(stop.val.status, 418);
        assert.equal(Buffer.from(stop.val.body).toString(), "teapot");
        const changed = await plugin.middleware.after(request, { status: 200, body: "x" });
        assert.deepEqual(changed.headers, [{ name: "x-after", value: "1" }]);
        assert.equal(Buffer.from(changed.body).toString(), "x");
      });

      test("authenticates by password and by token", async () => {
        const session = {
          user: { id: 1, name: "ada", roles: ["admin", "author"], claims: { born: 1815 } },
          token: "token-1",
          expiresAtMs: 4_102_444_800_000,
        };
        const password = { username: "ada", password: "lovelace" };
        assert.deepEqual(await plugin.auth.authenticate({ tag: "password", val: password }), {
          tag: "success",
          val: session,
        });
        assert.deepEqual(await plugin.auth.authenticate({ tag: "token", val: "token-1" }), {
          tag: "success",
          val: session,
        });
        assert.deepEqual(await plugin.auth.authenticate({ tag: "token", val: "" }), {
          tag: "failure",
          val: "No.",
        });
        const locked = { tag: "password", val: { username: "error", password: "" } } as const;
        await assert.rejects(plugin.auth.authenticate(locked), isError("denied", "locked"));
      });

      test("authorises, and knows what a user may do", async () => {
        assert.equal(
          await plugin.auth.authorize({ id: 1, name: "ada", roles: ["admin"] }, "x", "write"),
          true,
        );
        assert.equal(await plugin.auth.authorize({ id: 2, name: "bob" }, "x", "write"), false);
        assert.equal(await plugin.auth.authorize({ id: 2, name: "bob" }, "x", "read"), true);
        assert.deepEqual(await plugin.auth.getUserPermissions(1), ["*:*"]);
        assert.deepEqual(await plugin.auth.getUserPermissions(2), []);
        await assert.rejects(
          plugin.auth.getUserPermissions(4_294_967_295),
          isError("not-found", "no user 4294967295"),
        );
      });

      test("notifies, and says over which channels", async () => {
        assert.deepEqual(await plugin.notification.supportedChannels(), ["log", "webhook"]);
        assert.equal(await plugin.notification.testConnection(), true);
        await plugin.notification.sendNotification({
          channel: "log",
          recipient: "ada",
          subject: "Hello",
          body: "🦣",
          data: { a: [1] },
        });
        const entry = log.entries.findLast(({ message }) => message === "Hello");
        assert.deepEqual(entry?.fields, { recipient: "ada", body: "🦣", data: { a: [1] } });
        const pigeon = plugin.notification.sendNotification({ channel: "pigeon", recipient: "ada" });
        await assert.rejects(pigeon, isError("unsupported", "no channel pigeon"));
      });

      test("logs at every level", async () => {
        for (const level of ["trace", "debug", "info", "warn", "error"]) {
          await query("log", level, `a ${level} 🦣`, { level });
          const entry = log.entries.at(-1);
          assert.deepEqual(
            [entry?.level, entry?.message, entry?.fields],
            [level, `a ${level} 🦣`, { level }],
          );
          assert.equal(entry?.plugin, "conformance");
        }
      });

      test("knows the time, and has randomness", async () => {
        assert.ok(Math.abs(Number(await query("now")) - Date.now()) < 10_000);
        const [first, second] = [await query("monotonic"), await query("monotonic")];
        assert.ok(BigInt(second as number) >= BigInt(first as number));
        const random = (await query("random", 32)) as Uint8Array;
        assert.equal(random.length, 32);
        assert.notDeepEqual(random, await query("random", 32));
      });

      test("keeps values in the cache, and loses them when their time is up", async () => {
        assert.deepEqual(await query("cache", "key 🦣", { a: [1, null] }, null), { a: [1, null] });
        assert.deepEqual(await query("cache", "key 🦣", "other", 60_000), "other");
        assert.equal(await query("cache-delete", "key 🦣"), true);
        assert.equal(await query("cache-delete", "key 🦣"), false);
      });

      test("queries a database, and gets types back as they were", async () => {
        await plugin.database.createTable(
          "t",
          "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, score REAL, raw BLOB)",
        );
        const raw = new Uint8Array([0, 1, 255]);
        assert.equal(
          await query("execute", "INSERT INTO t VALUES (?, ?, ?, ?)", [2n ** 62n, "päd 🦣", 0.5, raw]),
          1,
        );
        const rows = (await query("sql", "SELECT * FROM t", [])) as { raw: Uint8Array }[];
        assert.deepEqual(
          rows.map((row) => ({ ...row, raw: [...row.raw] })),
          [{ id: 2n ** 62n, name: "päd 🦣", score: 0.5, raw: [...raw] }],
        );
        await assert.rejects(query("sql", "SELEKT", []), isError("invalid-input"));
        await assert.rejects(
          query("execute", "INSERT INTO t (id) VALUES (?)", [2n ** 62n]),
          isError("conflict"),
        );
      });

      test("commits a transaction, and rolls one back, also by dropping it", async () => {
        await plugin.database.createTable("tx", "CREATE TABLE tx (n INTEGER)");
        const insert = (n: number) => ["INSERT INTO tx VALUES (?)", [n]];
        for (const [n, end] of ["commit", "rollback", "drop"].entries())
          await query("transaction", insert(n), end);
        assert.deepEqual(await query("sql", "SELECT n FROM tx", []), [{ n: 0 }]);
      });

      test("fetches from a host that it was granted, and from no other", async () => {
        const server = createServer((request, response) => {
          request.toArray().then(
            (chunks) =>
              response
                .writeHead(202)
                .end(`${request.method} ${Buffer.concat(chunks as Buffer[]).toString()}`),
            (error: unknown) => response.destroy(error as Error),
          );
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
        assert.deepEqual(await query("fetch", "POST", url, "päd 🦣"), { status: 202, body: "POST päd 🦣" });
        await plugin.notification.sendNotification({ channel: "webhook", recipient: url, body: "x" });
        await assert.rejects(query("fetch", "GET", "http://localhost:9/", ""), isError("denied"));
        server.close();
        server.closeAllConnections();
      });

      test("sends mail to whom it was granted, and to nobody else", async () => {
        await query("mail-verify");
        const html = "<p>It works 🦣</p>";
        await query("mail", ["ada@example.com", "bob@example.com"], "Hello 🦣", "It works.", html);
        await query("mail", ["ada@example.com"], "Hello again", "", null);
        const [both, one] = mailbox.received;
        assert.equal(both?.from, "tusk@example.com");
        assert.deepEqual(both.to, ["ada@example.com", "bob@example.com"]);
        assert.match(both.source, /text\/html/);
        assert.match(one?.source ?? "", /^Subject: Hello again\r$/m);
        assert.doesNotMatch(one?.source ?? "", /text\/html/);
        await assert.rejects(query("mail", ["eve@example.org"], "x", "y", null), isError("denied"));
      });

      test("waits while other plugins work", async () => {
        const started = performance.now();
        await query("sleep", 20);
        assert.ok(performance.now() - started >= 19);
      });

      test("calls the capabilities of a plugin that it depends on, and of no other", async () => {
        const call = (...args: unknown[]) => query("peers", ...args);
        assert.deepEqual(await call("peer", "database-plugin", "execute-query", ["echo", [1, "🦣"]]), [
          1,
          "🦣",
        ]);
        const credentials = { tag: "password", val: { username: "ada", password: "lovelace" } };
        const result = (await call("peer", "auth-plugin", "authenticate", [credentials])) as {
          val: Record<string, unknown>;
        };
        assert.equal(result.val["expires_at_ms"], 4_102_444_800_000);
        await assert.rejects(
          call("peer", "database-plugin", "execute-query", ["error:conflict", []]),
          isError("conflict", "conflict ✗ 🦣"),
        );
        await assert.rejects(
          call("other", "database-plugin", "execute-query", ["echo", []]),
          isError("denied"),
        );
        await assert.rejects(call("peer", "database-plugin", "no-such", []), isError("invalid-input"));
        await assert.rejects(
          call("peer", "database-plugin", "execute-query", ["one too few"]),
          isError("invalid-input"),
        );
      });

      test("10,000 calls leave its memory as it was", async () => {
        const item = { text: "x".repeat(200), list: Array.from({ length: 50 }, (_, i) => i) };
        const calls = async (n: number) => {
          for (let i = 0; i < n; i++) {
            await query("echo", item, i);
            await plugin.http.handleRequest({
              method: "GET",
              path: "/echo",
              headers: [{ name: "a", value: String(i) }],
              body: "y".repeat(300),
            });
            await assert.rejects(query("error:internal"));
          }
        };
        await calls(1_000);
        const usedBytes = plugin.status().memory?.usedBytes;
        await calls(10_000 / 3);
        assert.equal(plugin.status().memory?.usedBytes, usedBytes);
      });

      test("refuses arguments that do not fit before they reach it", async () => {
        const { calls } = plugin.status().traffic ?? { calls: NaN };
        const wrong = [
          () => plugin.database.executeQuery(1 as unknown as string, []),
          () => plugin.database.executeQuery("echo", { length: 0 } as unknown as []),
          () => plugin.http.handleRequest({ method: "GET", path: "/", headers: [{ name: "a" }] } as never),
          () => plugin.auth.getUserPermissions(-1),
          () => plugin.auth.authenticate({ tag: "fingerprint", val: "" } as never),
        ];
        for (const call of wrong) await assert.rejects(call, (error) => HostError.is(error, "VALUE_INVALID"));
        assert.equal(plugin.status().traffic?.calls, calls);
      });
    },
  );
}

function isError(kind: ErrorKind, text?: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(HostError.is(error, "PLUGIN_ERROR"), String(error));
    assert.equal(error.details.kind, kind);
    if (text !== undefined) assert.equal(error.details.text, text);
    return true;
  };
}

function nested(depth: number): JsonValue {
  let value: JsonValue = [];
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { inside: value };
  return value;
}
