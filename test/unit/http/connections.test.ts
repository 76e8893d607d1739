import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { HttpRequest } from "../../../host/component/contract/data.ts";
import type { CallOptions } from "../../../host/component/contract/exports.ts";
import { HostError } from "../../../host/core/error.ts";
import type { AccessLogEntry } from "../../../host/http/access-log.ts";
import type { ServedRoutes } from "../../../host/http/http-server.ts";
import { everything, open, serve } from "./client.ts";

/** A plugin whose calls wait until the test lets them go. */
function gate() {
  const entered = Promise.withResolvers<CallOptions>();
  const release = Promise.withResolvers<void>();
  const handle = async (_: HttpRequest, options: CallOptions) => {
    entered.resolve(options);
    await release.promise;
    return { status: 200, body: "done" };
  };
  return {
    entered: entered.promise,
    release: () => release.resolve(),
    plugin: { routes: ["* /wait"], handle },
  };
}

function say(text: string) {
  return () => ({ status: 200, body: text });
}

const GET = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";

test("a client that is gone ends the call of the plugin", async (t) => {
  const logged = Promise.withResolvers<AccessLogEntry>();
  const entered = Promise.withResolvers<void>();
  const handle = async (_: HttpRequest, { signal }: CallOptions) => {
    entered.resolve();
    if (signal) await once(signal, "abort");
    throw new HostError("PLUGIN_ABORTED", { plugin: "slow" });
  };
  const { url } = await serve(t, { slow: { routes: ["GET /wait"], handle } }, { accessLog: logged.resolve });
  const client = await open(url);
  client.write(GET);
  await entered.promise;
  client.destroy();
  const entry = await logged.promise;
  assert.deepEqual([entry.status, entry.error?.code], [undefined, "PLUGIN_ABORTED"]);
});

test("a client that goes while it sends its body reaches no plugin", async (t) => {
  const logged = Promise.withResolvers<AccessLogEntry>();
  const { url } = await serve(t, { a: gate().plugin }, { accessLog: logged.resolve });
  const client = await open(url);
  client.write("POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc", () => client.destroy());
  const entry = await logged.promise;
  assert.equal(entry.status, undefined);
});

test("a client that has said all it has to say is still answered", async (t) => {
  const { entered, release, plugin } = gate();
  const { url } = await serve(t, { a: plugin });
  const client = await open(url);
  client.end(GET);
  const { signal } = await entered;
  release();
  assert.match(await everything(client), /done$/);
  assert.equal(signal?.aborted, false);
});

test("closing lets requests end, closes idle connections, and takes no new ones", async (t) => {
  const { entered, release, plugin } = gate();
  const { server, url } = await serve(t, { a: plugin, b: { routes: ["GET /b"] } });
  const silent = await open(url);
  const idle = await open(url);
  idle.write("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(idle, "data");
  const busy = await open(url);
  busy.write(GET);
  await entered;
  const closed = server.close();
  await Promise.all([once(silent, "close"), once(idle, "close")]);
  await assert.rejects(open(url), { code: "ECONNREFUSED" });
  release();
  const answer = await everything(busy);
  assert.match(answer, /^HTTP\/1.1 200 OK\r\n[^]*connection: close\r\n[^]*done$/);
  await closed;
  assert.equal(server.close(), closed);
});

test("requests that were sent ahead are all answered before a closing server ends their connection", async (t) => {
  const { entered, release, plugin } = gate();
  const { server, url } = await serve(t, { a: plugin });
  const client = await open(url);
  client.write(GET + GET + GET);
  await entered;
  const closed = server.close();
  release();
  assert.equal((await everything(client)).match(/done/g)?.length, 3);
  await closed;
});

test("what a client sends after a good request costs neither it nor others their answers", async (t) => {
  const { entered, release, plugin } = gate();
  const { url } = await serve(t, { a: plugin });
  const [good, bad] = await Promise.all([open(url), open(url)]);
  good.write(GET);
  bad.write(`${GET}NONSENSE\r\n\r\n`);
  await entered;
  release();
  good.end();
  assert.match(await everything(good), /done$/);
  assert.match(await everything(bad), /done$/);
});

test("routes follow swaps at once", async (t) => {
  const changes: ServedRoutes[] = [];
  const { host, server, url } = await serve(
    t,
    { a: { routes: ["GET /a"], handle: say("1") } },
    { onRoutes: (routes) => changes.push(routes) },
  );
  assert.equal(await (await fetch(`${url}/a`)).text(), "1");
  host.swap("a", { routes: ["GET /a", "GET /b"], handle: say("2") });
  assert.equal(await (await fetch(`${url}/b`)).text(), "2");
  host.swap("c", { routes: ["GET /b"], handle: say("3") });
  assert.equal(await (await fetch(`${url}/b`)).text(), "2");
  assert.deepEqual(
    server.routes.refused.map(({ code }) => code),
    ["ROUTE_CONFLICT"],
  );
  host.unload("a");
  assert.equal((await fetch(`${url}/a`)).status, 404);
  assert.equal(await (await fetch(`${url}/b`)).text(), "3");
  assert.deepEqual(
    changes.map(({ mounted }) => mounted.map(({ plugin, pattern }) => plugin + pattern)),
    [["a/a", "a/b"], ["a/a", "a/b"], ["c/b"]],
  );
});

test("a request whose plugin is swapped while its body arrives is answered by the new one", async (t) => {
  const { host, url } = await serve(t, { a: { routes: ["POST /a"], handle: say("old") } });
  const client = await open(url);
  client.write("POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n1");
  await fetch(`${url}/elsewhere`);
  host.swap("a", { routes: ["POST /a"], handle: say("new") });
  client.write("2");
  assert.match(await everything(client), /new$/);
});
