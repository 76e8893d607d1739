import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { lookup } from "node:dns/promises";
import { hostname } from "node:os";
import { after, before, suite, test } from "node:test";
import { ServiceError } from "../../../../host/component/contract/service-error.ts";
import type { HostGrant } from "../../../../host/config/settings.ts";
import { createHttpClient } from "../../../../host/services/http-client/http-client.ts";

const LIMITS = { timeoutMs: 5_000, maxResponseBytes: 1_000 };

suite("requests of plugins", () => {
  let answer = "HTTP/1.1 204 No Content\r\n\r\n";
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(answer));
  });
  let port: number;

  before(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    port = (server.address() as AddressInfo).port;
  });
  after(() => server.close());

  const send = (host: string, ...grants: string[]) =>
    createHttpClient(
      grants.map((granted): HostGrant => ({ host: granted, port: undefined, methods: undefined })),
      LIMITS,
    ).send({
      method: "GET",
      url: `http://${host}:${port}/`,
      headers: [],
      body: new Uint8Array(),
      timeoutMs: undefined,
    });

  test("reach a private address that was granted as such", async () => {
    assert.equal((await send("127.0.0.1", "127.0.0.1")).status, 204);
    assert.equal((await send("localhost", "localhost")).status, 204);
  });

  for (const host of ["127.0.0.1", "0x7f.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"]) {
    test(`do not reach ${host} because every host was granted`, async () => {
      await assert.rejects(send(host, "*"), isOfKind("denied"));
    });
  }

  test("do not reach a private address by another name because localhost was granted", async (t) => {
    const address = await lookup(hostname()).catch(() => undefined);
    if (!address) return t.skip("this machine's own name stands for nothing here");
    await assert.rejects(send(hostname(), "*", "localhost"), isOfKind("denied"));
  });

  test("do not reach a name for a granted address at another port, or by another method", async () => {
    const grant = { host: "127.0.0.1", port: port + 1, methods: undefined };
    const every = { host: "*", port: undefined, methods: undefined };
    const url = `http://localhost:${port}/`;
    const request = { method: "GET", url, headers: [], body: new Uint8Array(), timeoutMs: undefined };
    const others = [grant, { ...grant, port, methods: ["POST"] }];
    for (const other of others) {
      await assert.rejects(createHttpClient([every, other], LIMITS).send(request), isOfKind("denied"));
    }
    const named = { ...every, host: "*.example" };
    await assert.rejects(createHttpClient([named], LIMITS).send(request), isOfKind("denied"));
  });

  for (const host of [
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "[fec0::1]",
    "[::ffff:0:127.0.0.1]",
    "[4000::1]",
  ]) {
    test(`do not reach ${host} because every host was granted`, async () => {
      await assert.rejects(send(host, "*"), isOfKind("denied"));
    });
  }

  test("say in what they are refused with nothing that could be taken for another setting", async () => {
    await assert.rejects(send('x","*.localhost', "granted.test"), (error: Error) => {
      assert.ok(
        error.message.endsWith(String.raw`"http-client": ["x\",\"*.localhost:${port}"].`),
        error.message,
      );
      return true;
    });
  });

  test("have methods and names of hosts that are some", async () => {
    await assert.rejects(send(`${"x".repeat(300)}.test`, "*"), isOfKind("invalid-input"));
    const client = createHttpClient([{ host: "127.0.0.1", port: undefined, methods: undefined }], LIMITS);
    const url = `http://127.0.0.1:${port}/`;
    for (const method of ["", "GET / HTTP/1.1\r\nX: y", "x".repeat(100)]) {
      const request = { method, url, headers: [], body: new Uint8Array(), timeoutMs: undefined };
      await assert.rejects(client.send(request), isOfKind("invalid-input"));
    }
  });

  test("end when a server answers with another protocol", async () => {
    answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n";
    await assert.rejects(send("127.0.0.1", "127.0.0.1"), isOfKind("unavailable"));
  });
});

function isOfKind(kind: string) {
  return (error: unknown) => {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.kind, kind, error.message);
    return true;
  };
}
