import assert from "node:assert/strict";
import { request as send } from "node:http";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { suite, test, type TestContext } from "node:test";
import {
  type AdminServer,
  createAdminServer,
  createHost,
  createHttpServer,
  type Host,
  type HttpServer,
} from "tusk-host";
import { fixture } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

suite("an admin server", () => {
  const folder = temporaryFolder();

  async function serve(
    t: TestContext,
  ): Promise<{ host: Host; http: HttpServer; admin: AdminServer; file: string }> {
    const file = await folder.write("api.wasm", await readFile(fixture("api")));
    const settings = await settingsFor({ api: { path: file } });
    const host = await createHost({ settings, folder: null, cacheDir: `${folder.path}/cache` });
    t.after(() => host.shutdown());
    const http = await createHttpServer(host, { port: 0 });
    t.after(() => http.close());
    const admin = await createAdminServer(host, { http });
    t.after(() => admin.close());
    return { host, http, admin, file };
  }

  test("says that the process answers, whatever its plugins do", async (t) => {
    const { admin, host } = await serve(t);
    await host.unload("api");
    const response = await fetch(`${admin.url}/health`);
    assert.deepEqual([response.status, await response.json()], [200, { status: "ok" }]);
    assert.equal((await fetch(`${admin.url}/`)).status, 404);
  });

  test("is ready when every plugin serves that nobody disabled, and requests are taken", async (t) => {
    const { admin, host, http } = await serve(t);
    const ready = async () => {
      const response = await fetch(`${admin.url}/ready`);
      return [response.status, await response.json()] as const;
    };
    assert.deepEqual(await ready(), [200, { status: "ready", serving: true, plugins: { api: "serving" } }]);
    const broken = await folder.write("broken.wasm", "nothing");
    await assert.rejects(host.load(broken));
    assert.deepEqual(await ready(), [
      503,
      { status: "not ready", serving: true, plugins: { api: "serving", broken: "failed: BINARY_NOT_WASM" } },
    ]);
    await host.unload("broken");
    assert.equal((await ready())[0], 200);
    await host.disable("api");
    assert.deepEqual(await ready(), [200, { status: "ready", serving: true, plugins: { api: "disabled" } }]);
    await host.enable("api");
    await http.close();
    assert.deepEqual(await ready(), [
      503,
      { status: "not ready", serving: false, plugins: { api: "serving" } },
    ]);
  });

  test("counts requests, calls, swaps and what plugins use", async (t) => {
    const { admin, host, http, file } = await serve(t);
    for (const path of ["/api/health", "/api/health", "/nowhere"])
      await (await fetch(`${http.url}${path}`)).text();
    await folder.write("api.wasm", Buffer.concat([await readFile(file), Buffer.from([0, 2, 1, 120])]));
    assert.equal(await host.reload("api"), true);
    const response = await fetch(`${admin.url}/metrics`);
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    const metrics = await response.text();
    for (const line of [
      'tusk_http_requests_total{plugin="api",method="GET",status="200"} 2',
      'tusk_http_requests_total{plugin="",method="GET",status="404"} 1',
      'tusk_calls_total{plugin="api",function="http-plugin.handle-request",code="ok"} 2',
      'tusk_call_duration_seconds_count{plugin="api",function="http-plugin.handle-request"} 2',
      'tusk_plugin_changes_total{plugin="api",event="swapped"} 1',
      'tusk_plugin_generation{plugin="api"} 2',
      'tusk_plugin_serving{plugin="api"} 1',
      'tusk_plugin_circuit{plugin="api"} 0',
      'tusk_plugin_queue_length{plugin="api"} 0',
      `tusk_plugin_memory_bytes{plugin="api"} ${host.plugin("api").status().memory?.usedBytes}`,
    ]) {
      assert.ok(metrics.split("\n").includes(line), `${line}\n${metrics}`);
    }
    assert.match(metrics, /^tusk_fuel_total\{plugin="api"\} [1-9]\d+$/m);
    await host.unload("api");
    assert.doesNotMatch(await (await fetch(`${admin.url}/metrics`)).text(), /tusk_plugin_serving\{/);
  });

  test("is not asked by pages in a browser, and not to change anything", async (t) => {
    const { admin } = await serve(t);
    const ask = async (headers: Record<string, string>, method = "GET") => {
      const request = send(`${admin.url}/health`, { headers, method }).end();
      const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
      request.once("response", resolve).once("error", reject);
      const response = await promise;
      await text(response);
      assert.equal(response.headers["access-control-allow-origin"], undefined);
      return response.statusCode;
    };
    assert.equal(await ask({ host: "localhost:9" }), 200);
    assert.equal(await ask({ host: "rebound.example.com" }), 421);
    assert.equal(await ask({ host: "127.0.0.1.example.com" }), 421);
    assert.equal(await ask({ origin: "https://example.com" }), 403);
    assert.equal(await ask({ "sec-fetch-site": "cross-site" }), 403);
    assert.equal(await ask({ "sec-fetch-site": "none" }), 200);
    assert.equal(await ask({}, "POST"), 405);
    assert.equal(await ask({}, "OPTIONS"), 405);
  });

  test("listens for this machine alone, and says when it cannot", async (t) => {
    const { admin, host } = await serve(t);
    assert.equal(new URL(admin.url).hostname, "127.0.0.1");
    await assert.rejects(createAdminServer(host, { port: Number(new URL(admin.url).port) }), {
      code: "LISTEN_FAILED",
    });
  });

  test("lets go of the host when it is closed", async (t) => {
    const { admin, http } = await serve(t);
    const { url } = admin;
    await admin.close();
    await assert.rejects(fetch(`${url}/health`));
    assert.equal((await fetch(`${http.url}/api/health`)).status, 200);
  });
});
