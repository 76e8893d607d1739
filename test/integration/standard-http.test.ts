import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request as send } from "node:http";
import { suite, test, type TestContext } from "node:test";
import {
  type AccessLogEntry,
  createHost,
  createHttpServer,
  type Host,
  HostError,
  type HttpServer,
} from "tusk-host";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import { fixture, fixtureFile, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { wiredOtherwise } from "../kit/wired-otherwise.ts";

suite("a standard HTTP component", { skip: skipUnlessBuilt("proxy") }, () => {
  const folder = temporaryFolder();
  const path = fixtureFile("proxy");

  async function serve(
    t: TestContext,
    plugins: Record<string, PluginSettingsInput> = { standard: { path } },
  ): Promise<{ host: Host; server: HttpServer; url: string; log: AccessLogEntry[] }> {
    const settings = await settingsFor(plugins);
    const host = await createHost({ settings, folder: null, cacheDir: `${folder.path}/cache` });
    t.after(() => host.shutdown());
    assert.deepEqual(
      host.plugins().map(({ state, problem }) => problem ?? state),
      Object.keys(plugins).map(() => "serving"),
    );
    const log: AccessLogEntry[] = [];
    const server = await createHttpServer(host, { port: 0, accessLog: (entry) => log.push(entry) });
    t.after(() => server.close());
    return { host, server, url: server.url, log };
  }

  test("is an HTTP plugin with the name of its settings and a version from its bytes", async (t) => {
    const { host, server } = await serve(t);
    const { info, hash = "", capabilities, streams } = host.plugin("standard").status();
    assert.equal(info?.name, "standard");
    assert.equal(info?.version, `0.0.0+${hash.slice(0, 12)}`);
    assert.deepEqual([capabilities, streams], [["http-plugin"], true]);
    assert.deepEqual(server.routes.mounted, [{ plugin: "standard", method: "*", pattern: "/*" }]);
  });

  const config = { greeting: "hello" };
  for (const [what, given, named] of [
    ["with a config, which nothing of it takes", { config }, [/"config" with "greeting": .*leave it out$/]],
    [
      "in a worker, which its streams do not reach",
      { placement: "worker" },
      [/"placement": "worker": .*"inline"$/],
    ],
    [
      "for both at once, and is told so at once",
      { config, placement: "worker" },
      [/"greeting": .*leave it out$/, /"placement": "worker": .*"inline"$/],
    ],
  ] as const) {
    test(`is refused ${what}`, async () => {
      const settings = await settingsFor({ standard: { path, ...given } });
      await using host = await createHost({ settings, folder: null, cacheDir: `${folder.path}/cache` });
      const { problem, state } = host.plugin("standard").status();
      assert.deepEqual([state, problem?.code], ["failed", "SETTING_UNSUPPORTED"]);
      const [, ...lines] = problem?.message.split("\n") ?? [];
      assert.equal(lines.length, named.length);
      for (const [i, pattern] of named.entries()) assert.match(lines[i] ?? "", pattern);
    });
  }

  test("sees a request as it was sent, but for the headers of the connection", async (t) => {
    const { url } = await serve(t);
    const response = await fetch(`${url}/head?a=%20&b`, { headers: { "x-own": "1" }, method: "DELETE" });
    const text = await response.text();
    assert.match(text, /^DELETE http:\/\/127\.0\.0\.1:\d+\/head\?a=%20&b\n/);
    assert.match(text, /^x-own: 1$/m);
    assert.doesNotMatch(text, /^(connection|host|transfer-encoding):/m);
  });

  test("sees what is below its mount", async (t) => {
    const { url } = await serve(t, { standard: { path, mount: "/std" } });
    assert.match(
      await (await fetch(`${url}/std/head?x`)).text(),
      /^GET http:\/\/127\.0\.0\.1:\d+\/head\?x\n/,
    );
    assert.equal((await fetch(`${url}/std`)).status, 404);
    assert.equal(await (await fetch(`${url}/std/`)).text(), "nothing here");
    assert.match((await fetch(`${url}/head`)).headers.get("content-type") ?? "", /problem/);
  });

  test("is called by the host's program like any HTTP plugin", async (t) => {
    const { host } = await serve(t);
    const { http } = host.plugin("standard");
    const answer = await http.handleRequest({ method: "POST", path: "/echo", body: "x".repeat(300_000) });
    assert.deepEqual([answer.status, answer.body.length], [200, 300_000]);
    assert.deepEqual(await http.registerRoutes(), [{ method: "*", pattern: "/*" }]);
  });

  test("passes more through than it has memory, both ways at once", async (t) => {
    const { url, host } = await serve(t, { standard: { path, limits: { memoryBytes: "4MB" } } });
    const total = 64 * 2 ** 20;
    const response = await fetch(`${url}/echo`, { method: "POST", body: ofSize(total), duplex: "half" });
    let received = 0;
    for await (const piece of response.body ?? []) received += piece.length;
    assert.equal(received, total);
    assert.ok((host.plugin("standard").status().memory?.peakBytes ?? Infinity) <= 4 * 2 ** 20);
  });

  test("writes no faster than its client reads", async (t) => {
    const { url, log } = await serve(t);
    const before = process.memoryUsage().arrayBuffers;
    const request = send(`${url}/pieces?4000`).end();
    const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
    await once(response, "readable");
    // What does not wait for its client has written all of the 250 MB by the time that others are answered.
    for (let i = 0; i < 50; i++) await fetch(`${url}/nowhere`, { method: "BREW" }).catch(() => undefined);
    assert.ok(process.memoryUsage().arrayBuffers - before < 50 * 2 ** 20);
    let received = 0;
    for await (const piece of response) received += (piece as Uint8Array).length;
    assert.equal(received, 4000 * 65_536);
    assert.equal(log.find((entry) => entry.path === "/pieces")?.sizeBytes, received);
  });

  test("reads no faster than it wants to, and answers before it has read", async (t) => {
    const { url } = await serve(t);
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536));
        if (++pulled === 4_000) controller.close();
      },
    });
    const sent = fetch(`${url}/ignores`, { method: "POST", body, duplex: "half" });
    assert.equal(await (await sent).text(), "I do not read.");
    assert.ok(pulled < 400, `${pulled} pieces`);
  });

  test("has its answer sent in one piece, with its length, where all of it is there at once", async (t) => {
    const { url } = await serve(t);
    const lengths = new Set<string | null>();
    // While it is not compiled to the end yet it may be suspended in the middle, and the head goes out alone.
    for (let i = 0; i < 200 && !lengths.has("14"); i++) {
      const response = await fetch(`${url}/ignores`);
      assert.equal(await response.text(), "I do not read.");
      lengths.add(response.headers.get("content-length"));
    }
    assert.ok(lengths.has("14"), [...lengths].join());
  });

  test("counts what it reads", async (t) => {
    const { url } = await serve(t);
    const response = await fetch(`${url}/count`, { method: "POST", body: ofSize(5_000_000), duplex: "half" });
    assert.equal(await response.text(), "5000000");
  });

  test("is heard while it still speaks", async (t) => {
    const { url, log } = await serve(t);
    const response = await fetch(`${url}/events?50`);
    const pieces: string[] = [];
    for await (const piece of response.body ?? []) {
      if (pieces.length === 0) assert.deepEqual(log, []);
      pieces.push(Buffer.from(piece).toString());
    }
    assert.equal(pieces.join(""), Array.from({ length: 50 }, (_, i) => `data: ${i}\n\n`).join(""));
  });

  test("answers HEAD without a body, and with the length that it declared", async (t) => {
    const { url } = await serve(t);
    const response = await fetch(`${url}/declares?11`, { method: "HEAD" });
    assert.deepEqual([response.headers.get("content-length"), await response.text()], ["11", ""]);
    const whole = await fetch(`${url}/declares?11`);
    assert.deepEqual([whole.headers.getSetCookie(), await whole.text()], [["a=1", "b=2"], "eleven byte"]);
    assert.deepEqual([(await fetch(`${url}/status?204`)).status], [204]);
  });

  test("is cut off where its body breaks off, and the client knows", async (t) => {
    const { url, log } = await serve(t);
    for (const [asked, code] of [
      ["/breaks", "PLUGIN_TRAPPED"],
      ["/declares?20", "PLUGIN_ANSWER_INVALID"],
      ["/declares?5", "PLUGIN_ANSWER_INVALID"],
    ] as const) {
      await assert.rejects(async () => (await fetch(`${url}${asked}`)).arrayBuffer(), asked);
      assert.equal(log.at(-1)?.error?.code, code, asked);
    }
    assert.equal((await fetch(`${url}/count`)).status, 200);
  });

  test("has its failures told as problems that keep its secrets", async (t) => {
    const { url, log } = await serve(t, { standard: { path, limits: { cpuMs: 100, timeoutMs: 400 } } });
    for (const [asked, status, code] of [
      ["/fails", 500, "PLUGIN_ERROR"],
      ["/traps", 502, "PLUGIN_TRAPPED"],
      ["/spins", 504, "PLUGIN_CPU_LIMIT"],
      ["/sleeps?9", 504, "PLUGIN_TIMEOUT"],
    ] as const) {
      const response = await fetch(`${url}${asked}`);
      assert.deepEqual([asked, response.status, log.at(-1)?.error?.code], [asked, status, code]);
      assert.doesNotMatch(await response.text(), /secret|told/);
    }
  });

  test("holds no more of the host than it should, though handles cost it nothing", async (t) => {
    const { url, log } = await serve(t);
    for (const [asked, status, code] of [
      ["/hoards-fields", 502, "SERVICE_MISUSED"],
      ["/hoards-timers", 502, "SERVICE_MISUSED"],
      ["/hoards-headers", 502, "SERVICE_MISUSED"],
    ] as const) {
      const response = await fetch(`${url}${asked}`);
      assert.deepEqual([asked, response.status, log.at(-1)?.error?.code], [asked, status, code]);
    }
  });

  test("waits without keeping others waiting", async (t) => {
    const { url } = await serve(t, { standard: { path, instances: 20 } });
    const started = performance.now();
    const texts = await Promise.all(
      Array.from({ length: 20 }, async () => (await fetch(`${url}/sleeps?1`)).text()),
    );
    assert.deepEqual(new Set(texts), new Set(["awake"]));
    assert.ok(performance.now() - started < 10_000);
  });

  test("lets the event loop turn though whatever it waits for is there at once", async (t) => {
    const { host } = await serve(t);
    const request = { method: "GET", scheme: "HTTP", authority: "x", headers: [], body: undefined } as const;
    const answer = await host.plugin("standard").exchange({ ...request, pathWithQuery: "/pieces?1000" });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    for await (const piece of answer.body) assert.ok(piece.length > 0);
    clearInterval(timer);
    assert.ok(turns >= 5, `${turns} turns`);
  });

  test("is stopped when its client goes", async (t) => {
    const { url, log, host } = await serve(t);
    const response = await fetch(`${url}/events?100000`);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    // The next one waits for the instance.
    assert.equal(await (await fetch(`${url}/count`)).text(), "0");
    assert.deepEqual(
      log.map((entry) => [entry.path, entry.error?.code]),
      [
        ["/events", "PLUGIN_ABORTED"],
        ["/count", undefined],
      ],
    );
    assert.equal(host.plugin("standard").status().traffic?.busy, 0);
  });

  test("is swapped like any plugin, and what it was saying it says to the end", async (t) => {
    const file = await folder.write("swapped.wasm", await readFile(path));
    const { url, host, server } = await serve(t, { standard: { path: file, mount: "/a" } });
    const response = await fetch(`${url}/a/events?20`);
    await folder.write("swapped.wasm", await readFile(fixture("api")));
    assert.equal(await host.reload("standard"), true);
    assert.equal((await fetch(`${url}/a/api/health`)).status, 200);
    assert.equal(
      server.routes.mounted.some(({ pattern }) => pattern === "/a/*"),
      false,
    );
    assert.match(await response.text(), /data: 19\n\n$/);
  });

  test(
    "has middleware of other plugins around it, which sees whole bodies",
    { skip: skipUnlessBuilt("conformance-rust") },
    async (t) => {
      const { url } = await serve(t, {
        standard: { path, mount: "/std" },
        around: {
          path: fixtureFile("conformance-rust"),
          permissions: {
            cache: true,
            database: ["main"],
            "http-client": ["127.0.0.1"],
            mail: ["*@example.com"],
          },
          dependencies: ["nobody?"],
        },
      });
      const response = await fetch(`${url}/std/echo`, {
        method: "POST",
        body: ofSize(1_000_000),
        duplex: "half",
      });
      assert.equal(response.headers.get("x-after"), "1");
      assert.equal((await response.arrayBuffer()).byteLength, 1_000_000);
    },
  );
});

test(
  "a standard HTTP component that is wired as no compiler does it is refused",
  { skip: skipUnlessBuilt("proxy") },
  async () => {
    const otherwise = wiredOtherwise(await readFile(fixture("proxy")));
    const file = await temporaryFolder().write("otherwise.wasm", otherwise);
    await using host = await createHost({ folder: null });
    await assert.rejects(host.load(file), (error) => HostError.is(error, "BINARY_UNSUPPORTED"));
  },
);

/** A body that is made while it is sent. */
function ofSize(sizeBytes: number): ReadableStream<Uint8Array> {
  let left = sizeBytes;
  return new ReadableStream({
    pull(controller) {
      const piece = new Uint8Array(Math.min(65_536, left));
      left -= piece.length;
      controller.enqueue(piece);
      if (left === 0) controller.close();
    },
  });
}
