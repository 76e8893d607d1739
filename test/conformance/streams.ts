import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type ClientRequest, type IncomingMessage, request as send } from "node:http";
import { after, before, suite, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import {
  type AccessLogEntry,
  createHost,
  createHttpServer,
  type Host,
  HostError,
  type HttpServer,
  type PluginHandle,
  type StreamResponse,
} from "tusk-host";
import type { Placement } from "../../host/config/settings.ts";
import { fixture, type FixtureName, skipUnlessBuilt } from "../kit/fixtures.ts";
import { markedBuild, markOf } from "../kit/marked-build.ts";
import { memoryInUse } from "../kit/memory.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { CONFORMANCE_GRANTS } from "../kit/swap-traffic.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const PIECE = Buffer.alloc(65_536, "x");
const BIG_BYTES = 64 * 2 ** 20;

/** What a body may leave behind, whatever its length: what waits on the way, and what is not collected yet. */
const FLAT_BYTES = BIG_BYTES / 2;

const MOST_GUEST_BYTES = 4 * 2 ** 20;

/** What a plugin, a pipe and both ends of it may hold of a stream that nobody reads. */
const IN_FLIGHT_BYTES = 2 ** 20;

/** What every plugin language owes to streams, wherever it runs. `build` is the conformance plugin. */
export function streamConformance(build: FixtureName, placement: Placement = "inline"): void {
  suite(`streams of ${build}, ${placement}`, { skip: skipUnlessBuilt(build) }, () => {
    const log: AccessLogEntry[] = [];
    const folder = temporaryFolder();
    let host: Host;
    let server: HttpServer;
    let plugin: PluginHandle;

    before(async () => {
      const path = await folder.write("plugin.wasm", await readFile(fixture(build)));
      const common = { path, placement, ...CONFORMANCE_GRANTS };
      host = await createHost({
        settings: await settingsFor({
          conformance: common,
          brief: { ...common, mount: "/brief", limits: { timeoutMs: 500, streamBytes: 100_000 } },
        }),
      });
      plugin = host.plugin("conformance");
      assert.deepEqual(
        host.plugins().map(({ state, problem }) => problem?.message ?? state),
        ["serving", "serving"],
      );
      server = await createHttpServer(host, { port: 0, accessLog: (entry) => log.push(entry) });
    });
    after(async () => {
      await server?.close();
      await host?.shutdown();
    });

    const odd = (what: string, name = "conformance", body?: AsyncIterable<Uint8Array>) => {
      const params = [{ name: "what", value: what }];
      const request = { method: "POST", path: `/streams/odd/${what}`, params, body };
      return host.plugin(name).httpStream.handleStream(request);
    };

    test("an answer comes while its request is still being sent", async () => {
      const request = upload(`${server.url}/streams/echo`, { "x-sent": "1" });
      request.write("first");
      const [response] = (await once(request, "response")) as [IncomingMessage];
      assert.deepEqual([response.statusCode, response.headers["x-sent"]], [201, "1"]);
      assert.equal(response.headers["x-path"], "POST /streams/echo");
      for (const piece of ["first", "second", "third"]) {
        const [chunk] = (await once(response, "data")) as [Buffer];
        assert.equal(chunk.toString(), piece);
        if (piece === "third") request.end();
        else request.write(piece === "first" ? "second" : "third");
      }
      await once(response, "end");
    });

    test(`${BIG_BYTES / 2 ** 20} MB come in, go out, and go through, in memory that stays as it was`, async () => {
      const round = async (bytes: number) => {
        const { text } = await uploaded(`${server.url}/streams/count`, bytes);
        const received = await downloaded(`${server.url}/streams/zeros/${bytes}`);
        const { sizeBytes } = await uploaded(`${server.url}/streams/echo`, bytes);
        assert.deepEqual([text, received, sizeBytes], [String(bytes), bytes, bytes]);
      };
      const guestBytes = () => plugin.status().memory?.usedBytes ?? 0;
      // Buffers find their size, and code is compiled.
      await round(BIG_BYTES / 2);
      const guestBefore = guestBytes();
      const { rss } = await memoryInUse();
      await round(BIG_BYTES);
      const grown = { guest: guestBytes() - guestBefore, process: (await memoryInUse()).rss - rss };
      assert.ok(guestBytes() < MOST_GUEST_BYTES && grown.guest < 2 ** 17, `the guest grew by ${grown.guest}`);
      assert.ok(grown.process < FLAT_BYTES, `the process grew by ${grown.process}`);
    });

    test("whoever does not read holds up the plugin, and the plugin whoever sends", async () => {
      let sentBytes = 0;
      let closed = false;
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) {
            sentBytes += PIECE.length;
            yield PIECE;
            await setImmediate();
          }
        } finally {
          closed = true;
        }
      }
      const { body } = await plugin.httpStream.handleStream({
        method: "POST",
        path: "/streams/echo",
        body: endless(),
      });
      let readBytes = 0;
      for await (const piece of body) {
        readBytes += piece.length;
        if (readBytes > 2 ** 21) break;
        if (readBytes !== PIECE.length * 8) continue;
        for (let turn = 0; turn < 200; turn++) await setImmediate();
        assert.ok(sentBytes - readBytes < IN_FLIGHT_BYTES, `${sentBytes} sent, ${readBytes} read`);
      }
      while (!closed) await setImmediate();
    });

    test("a plugin that does not do what it should is told, and so is its caller", async () => {
      for (const [what, code, text] of [
        ["silent", "PLUGIN_ANSWER_INVALID", /without an answer/],
        ["refuses", "PLUGIN_ERROR", /not-found: "refused on purpose"/],
        ["reads-nothing", "PLUGIN_ERROR", /invalid-input/],
        ["bad-status", "PLUGIN_ERROR", /invalid-input: "199 is no status/],
        ["twice", "PLUGIN_ERROR", /conflict: "This request has been answered/],
        ["breaks", "PLUGIN_ERROR", /broken on purpose/],
        ["unfinished", "PLUGIN_ANSWER_INVALID", /in the middle of its body/],
        ["short", "PLUGIN_ANSWER_INVALID", /4 bytes, of 10 that it declared/],
        ["long", "PLUGIN_ANSWER_INVALID", /more than the 2 bytes/],
      ] as const) {
        const failed = odd(what).then(textOf);
        await assert.rejects(failed, (e) => HostError.is(e, code) && text.test(e.message), what);
      }
    });

    test("bodies are of no use after their call, nor in another", async () => {
      await assert.rejects(odd("keeps").then(textOf), coded("PLUGIN_ANSWER_INVALID"));
      await assert.rejects(odd("uses-kept").then(textOf), /conflict: "both ended"/);
    });

    test("a stream is held to its time, its CPU and its length", async () => {
      const never = new ReadableStream<Uint8Array>();
      await assert.rejects(odd("reads", "brief", never).then(textOf), coded("PLUGIN_TIMEOUT"));
      await assert.rejects(odd("spins", "brief").then(textOf), coded("PLUGIN_TIMEOUT"));
      const long = await uploaded(`${server.url}/brief/streams/count`, 100_001);
      assert.deepEqual([long.status, /may have 100000 bytes/.test(long.text)], [413, true]);
      assert.equal(await downloaded(`${server.url}/brief/streams/zeros/100000`), 100_000);
      await assert.rejects(downloaded(`${server.url}/brief/streams/zeros/100001`));
      assert.match(log.at(-1)?.error?.message ?? "", /more than the 100000 bytes that it may have/);
    });

    test("what breaks off is cut off, and is logged with the reason", async () => {
      await assert.rejects(downloaded(`${server.url}/streams/odd/breaks`));
      assert.match(log.at(-1)?.error?.message ?? "", /broken on purpose/);
      await assert.rejects(downloaded(`${server.url}/streams/odd/short`));
      assert.equal(log.at(-1)?.error?.code, "PLUGIN_ANSWER_INVALID");
      const refused = await fetch(`${server.url}/streams/odd/refuses`);
      assert.equal(refused.status, 404);
      assert.match(await refused.text(), /refused on purpose/);
    });

    test("a client that goes ends the call", async () => {
      const ended = nextCall(host);
      const request = upload(`${server.url}/streams/echo`).on("error", () => undefined);
      request.write("first");
      const [response] = (await once(request, "response")) as [IncomingMessage];
      response.on("error", () => undefined).resume();
      request.destroy();
      assert.equal((await ended)?.code, "PLUGIN_ABORTED");
    });

    test("HEAD, and an answer that has no body, are answered with their heads", async () => {
      const head = await fetch(`${server.url}/streams/zeros/${2 ** 31}?length=${2 ** 31}`, {
        method: "HEAD",
      });
      assert.deepEqual([head.status, head.headers.get("content-length")], [200, String(2 ** 31)]);
      const none = await fetch(`${server.url}/streams/zeros/9?status=204`);
      assert.deepEqual([none.status, await none.text()], [204, ""]);
      const empty = await fetch(`${server.url}/streams/zeros/0?length=0`);
      assert.deepEqual([empty.status, empty.headers.get("content-length")], [200, "0"]);
    });

    test("a length that was declared is sent, and else the body is in pieces", async () => {
      const declared = await fetch(`${server.url}/streams/zeros/7?length=7`);
      assert.deepEqual([declared.headers.get("content-length"), await sizeOf(declared)], ["7", 7]);
      const open = await fetch(`${server.url}/streams/events`);
      assert.equal(open.headers.get("transfer-encoding"), "chunked");
      assert.equal(open.headers.get("content-type"), "text/event-stream");
      assert.equal(await open.text(), "data: 0\n\ndata: 1\n\ndata: 2\n\n");
    });

    test("a stream is answered to its end by the generation that began it", async () => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      void writer.write(PIECE);
      const request = { method: "POST", path: "/streams/echo", body: readable };
      const text = textOf(await plugin.httpStream.handleStream(request));
      await folder.write("plugin.wasm", markedBuild(await readFile(fixture(build)), 7));
      const reloaded = host.reload("conformance");
      for (let turn = 0; turn < 50; turn++) await setImmediate();
      await writer.write(PIECE);
      await writer.close();
      assert.equal((await text).length, 2 * PIECE.length);
      assert.equal(await reloaded, true);
      assert.equal(markOf(await plugin.notification.supportedChannels()), 7);
      assert.equal((await uploaded(`${server.url}/streams/count`, 5)).text, "5");
    });
  });
}

function coded(code: "PLUGIN_TIMEOUT" | "PLUGIN_ANSWER_INVALID") {
  return (error: unknown) => HostError.is(error, code);
}

function textOf({ body }: StreamResponse): Promise<string> {
  return Array.fromAsync(body).then((pieces) => Buffer.concat(pieces).toString());
}

async function sizeOf(response: Response): Promise<number> {
  return (await response.arrayBuffer()).byteLength;
}

/** How the next call of a stream that ends does. */
function nextCall(host: Host): Promise<HostError | undefined> {
  const { promise, resolve } = Promise.withResolvers<HostError | undefined>();
  const observing = host.onCall(({ function: name, error }) => {
    if (name !== "http-stream-plugin.handle-stream") return;
    observing[Symbol.dispose]();
    resolve(error);
  });
  return promise;
}

function upload(url: string, headers: Record<string, string> = {}): ClientRequest {
  return send(url, { method: "POST", headers });
}

async function uploaded(url: string, sizeBytes: number) {
  const request = upload(url, { "content-length": String(sizeBytes) });
  const answered = once(request, "response") as Promise<[IncomingMessage]>;
  void writeAll(request, sizeBytes);
  const [response] = await answered;
  const pieces: Buffer[] = [];
  let received = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    received += piece.length;
    if (received < 1_000) pieces.push(piece);
  }
  return { status: response.statusCode, text: Buffer.concat(pieces).toString(), sizeBytes: received };
}

async function writeAll(request: ClientRequest, sizeBytes: number): Promise<void> {
  for (let left = sizeBytes; left > 0; left -= PIECE.length) {
    if (!request.write(PIECE.subarray(0, left))) await once(request, "drain");
  }
  request.end();
}

/** Rejects when less comes than was said. */
async function downloaded(url: string): Promise<number> {
  let sizeBytes = 0;
  const { body } = await fetch(url);
  for await (const piece of body ?? []) sizeBytes += piece.length;
  return sizeBytes;
}
