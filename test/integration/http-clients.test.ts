import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { suite, test, type TestContext } from "node:test";
import autocannon from "autocannon";
import { type AccessLogEntry, createHost, createHttpServer, type Host, type HttpServer } from "tusk-host";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import { fixture, fixtureFile, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const GRANTED = {
  permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
  dependencies: ["nobody?"],
};

const STANDARD = { standard: { path: fixtureFile("proxy"), mount: "/std" } };

const MAX_BODY_BYTES = 100_000;

interface Served {
  readonly host: Host;
  readonly server: HttpServer;
  readonly url: string;
  readonly log: AccessLogEntry[];
  readonly file: string;
}

suite("clients of other people", () => {
  const folder = temporaryFolder();

  /** Afterwards nothing is left of any client. */
  async function serve(
    t: TestContext,
    { requestTimeoutMs, queueLength = 100 }: { requestTimeoutMs?: number; queueLength?: number } = {},
    more: Record<string, PluginSettingsInput> = { echo: { path: fixture("conformance-as"), ...GRANTED } },
  ): Promise<Served> {
    const file = await folder.write("api.wasm", await readFile(fixture("api")));
    const settings = await settingsFor({ api: { path: file, limits: { queueLength } }, ...more });
    const host = await createHost({ settings, folder: null, cacheDir: `${folder.path}/cache` });
    const log: AccessLogEntry[] = [];
    const accessLog = (entry: AccessLogEntry) => log.push(entry);
    const options = { port: 0, maxBodyBytes: MAX_BODY_BYTES, requestTimeoutMs, accessLog };
    const server = await createHttpServer(host, options);
    t.after(async () => {
      await server.close();
      for (const { name, traffic } of host.plugins()) {
        assert.deepEqual([name, traffic?.busy, traffic?.waiting], [name, 0, 0]);
      }
      await host.shutdown();
    });
    return { host, server, url: server.url, log, file };
  }

  test("autocannon gets every answer, on many connections, with requests sent ahead", async (t) => {
    const { url, log } = await serve(t, { queueLength: 200 }, {});
    const result = await autocannon({
      url: `${url}/api/health`,
      connections: 50,
      pipelining: 4,
      amount: 4_000,
    });
    // Of what it has sent ahead it does not wait for the last answers.
    assert.deepEqual([result["2xx"] >= 4_000 - 50 * 3, result.non2xx], [true, 0]);
    assert.deepEqual([result.errors, result.timeouts], [0, 0]);
    assert.deepEqual(new Set(log.map(({ status = 200 }) => status)), new Set([200]));
    assert.equal(new Set(log.map(({ id }) => id)).size, log.length);
  });

  test("autocannon sees nothing of twenty swaps", async (t) => {
    const { url, host, file } = await serve(t, {}, {});
    const build = await readFile(file);
    const load = autocannon({ url: `${url}/api/health`, connections: 20, amount: 4_000 });
    let swaps = 0;
    for (let i = 0; i < 20; i++) {
      await folder.write("api.wasm", Buffer.concat([build, Buffer.from([0, 2, 1, 97 + i])]));
      if (await host.reload("api")) swaps++;
    }
    const result = await load;
    assert.deepEqual([swaps, result["2xx"], result.non2xx, result.errors], [20, 4_000, 0, 0]);
  });

  test("autocannon uploads to a standard component", { skip: skipUnlessBuilt("proxy") }, async (t) => {
    const { url, host } = await serve(t, {}, STANDARD);
    const body = "x".repeat(200_000);
    const options = { method: "POST", body, connections: 10, amount: 300, expectBody: "200000" } as const;
    const result = await autocannon({ url: `${url}/std/count`, ...options });
    assert.deepEqual([result["2xx"], result.non2xx, result.errors, result.mismatches], [300, 0, 0, 0]);
    assert.equal(host.plugin("standard").status().traffic?.failures, 0);
  });

  test("an overload is answered, with when to come back", async (t) => {
    const { url } = await serve(t, {}, {});
    // One instance, of which a hundred calls may wait.
    const result = await autocannon({ url: `${url}/api/health`, connections: 400, amount: 2_000 });
    assert.equal(result["2xx"] + result.non2xx, 2_000);
    assert.equal(result.errors, 0);
    assert.deepEqual(
      Object.keys(result.statusCodeStats ?? {}).filter((code) => !["200", "503"].includes(code)),
      [],
    );
  });

  for (const [what, sent, ...statuses] of exchanges()) {
    test(`${what}: ${statuses.join(", ") || "closed without a word"}`, async (t) => {
      const { url } = await serve(t);
      const answer = await exchange(url, sent);
      assert.deepEqual(statusesOf(answer), statuses, answer);
      assert.equal(await isWell(url), true);
    });
  }

  test("a body that comes byte by byte is read to its end", async (t) => {
    const { url } = await serve(t);
    const socket = await open(url);
    socket.write("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 20\r\n\r\n");
    for (const byte of "abcdefghijklmnopqrst") {
      await new Promise((resolve) => socket.write(byte, resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.match(await everything(socket), /^HTTP\/1\.1 201 .*abcdefghijklmnopqrst$/s);
  });

  test("who never ends the head, or the body, of a request does not keep the connection", async (t) => {
    const { url } = await serve(t, { requestTimeoutMs: 500 });
    const head = await exchange(url, "GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    assert.deepEqual(statusesOf(head), ["408"]);
    const body = await exchange(url, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\nabc");
    assert.deepEqual(statusesOf(body), ["408"]);
    assert.equal(await isWell(url), true);
  });

  test("who goes at any moment leaves nothing behind", async (t) => {
    const { url, host } = await serve(t);
    const request = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n" + "y".repeat(2_000);
    const before = sockets();
    for (let length = 0; length <= request.length; length += 61) {
      const socket = await open(url);
      await new Promise((resolve) => socket.write(request.slice(0, length), resolve));
      if (length % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }
    assert.equal(await isWell(url), true);
    while (sockets() > before) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(host.plugin("echo").status().traffic?.busy, 0);
  });

  test(
    "who asks for much and reads nothing is not served more than fits on the way",
    { skip: skipUnlessBuilt("proxy") },
    async (t) => {
      const { url, host } = await serve(t, {}, STANDARD);
      const before = process.memoryUsage();
      const socket = await open(url);
      socket.pause().write("GET /std/pieces?100000 HTTP/1.1\r\nHost: x\r\n\r\n");
      for (let i = 0; i < 20; i++) assert.equal(await isWell(url), true);
      assert.ok(process.memoryUsage().arrayBuffers - before.arrayBuffers < 20 * 2 ** 20);
      assert.equal(host.plugin("standard").status().traffic?.busy, 1);
      socket.destroy();
      while (host.plugin("standard").status().traffic?.busy !== 0)
        await new Promise((resolve) => setImmediate(resolve));
    },
  );
});

/** What it is, what is sent, and the statuses of what is answered before the server closes the connection. */
function* exchanges(): Iterable<[string, string | Buffer, ...string[]]> {
  const close = "Connection: close\r\n";
  const post = (fields: string, body: string) =>
    `POST /echo HTTP/1.1\r\nHost: x\r\n${close}${fields}\r\n${body}`;
  const get = (path: string, fields = "") => `GET ${path} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
  const last = get("/api/health", close);
  yield ["requests sent ahead", get("/api/health") + get("/nowhere") + last, "200", "404", "200"];
  yield ["a good request before a bad one", `${get("/api/health")}NONSENSE\r\n\r\n`, "200"];
  yield ["blank lines before a request", `\r\n\r\n${last}`, "200"];
  yield ["HTTP/1.0", "GET /api/health HTTP/1.0\r\n\r\n", "200"];
  yield ["HEAD", `HEAD /api/health HTTP/1.1\r\nHost: x\r\n${close}\r\n`, "200"];
  yield ["OPTIONS", `OPTIONS /api/health HTTP/1.1\r\nHost: x\r\n${close}\r\n`, "204"];
  yield ["OPTIONS of the server", `OPTIONS * HTTP/1.1\r\nHost: x\r\n${close}\r\n`, "204"];
  yield ["a method that is not there", `DELETE /api/health HTTP/1.1\r\nHost: x\r\n${close}\r\n`, "405"];
  yield ["a method that nobody knows", `BREW /api/health HTTP/1.1\r\nHost: x\r\n${close}\r\n`, "400"];
  yield ["TRACE", `TRACE /api/health HTTP/1.1\r\nHost: x\r\n${close}\r\n`, "405"];
  yield ["CONNECT", `CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n${close}\r\n`];
  yield [
    "an upgrade that is not made",
    get("/api/health", "Connection: upgrade, close\r\nUpgrade: websocket\r\n"),
    "200",
  ];
  yield ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"];
  yield ["TLS", Buffer.from("16030100050100000100", "hex"), "400"];
  yield ["nothing but zeros", Buffer.alloc(1_000), "400"];
  yield ["no host", `GET /api/health HTTP/1.1\r\n${close}\r\n`, "400"];
  yield ["a folded header", get("/api/health", "X-A: 1\r\n 2\r\n"), "400"];
  yield ["a zero byte in a header", get("/api/health", "X-A: \0\r\n"), "400"];
  yield ["a blank before a colon", get("/api/health", "X-A : 1\r\n"), "400"];
  yield ["lines that end without a carriage return", "GET /api/health HTTP/1.1\nHost: x\n\n", "400"];
  yield ["too large a header", get("/api/health", `X-A: ${"x".repeat(20_000)}\r\n`), "431"];
  yield ["too many headers", get("/api/health", "X-A: 1\r\n".repeat(3_000)), "431"];
  yield ["too long a path", get(`/${"x".repeat(20_000)}`), "431"];
  yield ["two lengths", post("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), "400"];
  yield ["a list of lengths", post("Content-Length: 1, 1\r\n", "a"), "400"];
  yield [
    "a length and chunks",
    post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    "400",
  ];
  yield ["another coding than chunks", post("Transfer-Encoding: gzip\r\n", "a"), "400"];
  yield ["a length below zero", post("Content-Length: -1\r\n", ""), "400"];
  yield ["a length with a sign", post("Content-Length: +1\r\n", "a"), "400"];
  yield ["a length beyond numbers", post(`Content-Length: ${"9".repeat(30)}\r\n`, "a"), "400"];
  yield ["chunks", post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"), "201"];
  yield [
    "chunks with trailers",
    post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\nX-T: 1\r\n\r\n"),
    "201",
  ];
  yield [
    "a chunk whose length is none",
    post("Transfer-Encoding: chunked\r\n", "z\r\na\r\n0\r\n\r\n"),
    "400",
  ];
  yield ["a chunk beyond numbers", post("Transfer-Encoding: chunked\r\n", `${"f".repeat(17)}\r\na`), "400"];
  yield [
    "too large a body",
    post(`Content-Length: ${MAX_BODY_BYTES + 1}\r\n`, "x".repeat(MAX_BODY_BYTES + 1)),
    "413",
  ];
  yield [
    "too many chunks",
    post("Transfer-Encoding: chunked\r\n", `${`3e8\r\n${"x".repeat(1_000)}\r\n`.repeat(101)}0\r\n\r\n`),
    "413",
  ];
  yield [
    "a body as large as may be",
    post(`Content-Length: ${MAX_BODY_BYTES}\r\n`, "x".repeat(MAX_BODY_BYTES)),
    "201",
  ];
  yield ["100-continue", post("Expect: 100-continue\r\nContent-Length: 1\r\n", "a"), "100", "201"];
  yield [
    "100-continue for too large a body",
    post(`Expect: 100-continue\r\nContent-Length: ${2 ** 30}\r\n`, ""),
    "413",
  ];
  yield ["an expectation that nobody knows", post("Expect: miracles\r\nContent-Length: 1\r\n", "a"), "417"];
  yield ["a path out of its folder", get("/api/../../etc/passwd", close), "404"];
  yield ["an escape that is none", get("/%f", close), "400"];
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("latin1");
  await once(socket, "connect");
  return socket;
}

/** All that comes until the server closes the connection. */
async function everything(socket: Socket): Promise<string> {
  let text = "";
  try {
    for await (const chunk of socket) text += chunk as string;
  } catch {
    // It was reset, which is a way to close it.
  }
  return text;
}

async function exchange(url: string, sent: string | Buffer): Promise<string> {
  const socket = await open(url);
  socket.write(sent);
  return everything(socket);
}

function statusesOf(answer: string): string[] {
  return Array.from(answer.matchAll(/(?:^|\n|\})HTTP\/1\.1 (\d{3}) /g), ([, status]) => status ?? "");
}

/** Whether others are still served. */
async function isWell(url: string): Promise<boolean> {
  const response = await fetch(`${url}/api/health`);
  await response.text();
  return response.status === 200;
}

function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
}
