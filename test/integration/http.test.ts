import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { suite, test, type TestContext } from "node:test";
import { type AccessLogEntry, createHost, createHttpServer, type HttpServer } from "tusk-host";
import { STATUS_BY_KIND } from "../../host/http/error-status.ts";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { componentize } from "../../host/component/componentize.ts";
import { watPlugin } from "../hostile/wat-plugin.ts";
import { fixture, fixtureFile, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const GRANTED = {
  permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
  dependencies: ["nobody?"],
};

suite("serving plugins", () => {
  const folder = temporaryFolder();
  const log: AccessLogEntry[] = [];

  async function serve(t: TestContext, plugins: Record<string, PluginSettingsInput>): Promise<HttpServer> {
    const host = await createHost({
      settings: await settingsFor(plugins),
      folder: null,
      cacheDir: `${folder.path}/cache`,
    });
    t.after(() => host.shutdown());
    assert.deepEqual(
      host.plugins().map(({ state, problem }) => problem ?? state),
      Object.keys(plugins).map(() => "serving"),
    );
    const server = await createHttpServer(host, { port: 0, accessLog: (entry) => log.push(entry) });
    t.after(() => server.close());
    return server;
  }

  for (const language of ["as", "rust"] as const) {
    const plugin = { path: fixtureFile(`conformance-${language}`), ...GRANTED };
    const skip = skipUnlessBuilt(`conformance-${language}`);

    test(
      `${language}: a request reaches the plugin whole, by way of its own middleware`,
      { skip },
      async (t) => {
        const { url } = await serve(t, { plugin });
        const body = "x".repeat(2 ** 20);
        const response = await fetch(`${url}/echo/a%2Fb?x=1&y=%26&x=2`, {
          method: "PATCH",
          headers: { "x-request-id": "id-1", "x-own": "gr\u00fcn" },
          body,
        });
        assert.equal(response.status, 201);
        const header = (name: string) => response.headers.get(name);
        assert.equal(header("x-path"), "PATCH /echo/a%2Fb");
        assert.equal(header("x-params"), "id=a/b");
        assert.equal(header("x-query"), "x=1&y=&&x=2");
        assert.equal(header("x-own"), "gr\u00fcn");
        assert.deepEqual([header("x-id"), header("x-request-id")], ["id-1", "id-1"]);
        assert.deepEqual([header("x-before"), header("x-after")], ["1", "1"]);
        assert.ok((await response.text()) === body);
      },
    );

    test(`${language}: every error of the contract has its status`, { skip }, async (t) => {
      const { url } = await serve(t, { plugin });
      for (const [kind, status] of Object.entries(STATUS_BY_KIND)) {
        const response = await fetch(`${url}/echo`, { headers: { "x-error": kind } });
        assert.equal(response.status, status, kind);
        assert.equal(response.headers.get("content-type"), "application/problem+json");
        const problem = (await response.json()) as { status: number; detail?: string };
        assert.equal(problem.status, status);
        assert.equal(problem.detail !== undefined, status < 500 || status === 501, kind);
      }
    });
  }

  test("plugins in both languages wrap each other's routes, and one of two equal routes is served", async (t) => {
    const server = await serve(t, {
      as: { path: fixture("conformance-as"), load_order: 1, ...GRANTED },
      rust: { path: fixture("conformance-rust"), load_order: 2, ...GRANTED },
      api: { path: fixture("api") },
    });
    assert.ok(
      server.routes.refused.every(
        ({ code, message }) => code === "ROUTE_CONFLICT" && /"rust".*"as"/.test(message),
      ),
    );
    assert.equal(server.routes.refused.length, 9);
    const health = await fetch(`${server.url}/api/health`);
    assert.equal(health.status, 200);
    assert.equal(health.headers.get("x-after"), "1, 1");
    const stopped = await fetch(`${server.url}/api/health`, { headers: { "x-stop": "halt" } });
    assert.deepEqual([stopped.status, await stopped.text()], [418, "halt"]);
    assert.equal((await fetch(`${server.url}/nowhere`)).headers.get("x-after"), null);
  });

  test("a plugin that breaks is answered for, and one that keeps breaking is left alone for a while", async (t) => {
    const path = await folder.write("wat.wasm", await misbehaving());
    const { url } = await serve(t, { wat: { path, limits: { cpuMs: 100, queueLength: 0 } } });
    const slow = fetch(`${url}/spin`);
    const [second] = await Promise.all([fetch(`${url}/spin`), slow]);
    assert.deepEqual(new Set([second.status, (await slow).status]), new Set([503, 504]));
    assert.equal((await fetch(`${url}/trap`)).status, 502);
    assert.equal((await fetch(`${url}/ok`)).status, 200);
    let response = await fetch(`${url}/trap`);
    for (let i = 0; i < 20 && response.status === 502; i++) response = await fetch(`${url}/trap`);
    assert.equal(response.status, 503);
    assert.ok(Number(response.headers.get("retry-after")) >= 1);
    assert.equal(log.at(-1)?.error?.code, "PLUGIN_CIRCUIT_OPEN");
  });

  test("a plugin that computes for a client that has gone is stopped, and serves the next one", async (t) => {
    const path = await folder.write("gone.wasm", await misbehaving());
    const { url } = await serve(t, { wat: { path } });
    const before = log.length;
    const client = connect(Number(new URL(url).port), "127.0.0.1");
    await once(client, "connect");
    await new Promise((resolve) => client.write("GET /spin HTTP/1.1\r\nHost: x\r\n\r\n", resolve));
    // It has to get in line behind the one that spins, so it is answered once that is over.
    const next = fetch(`${url}/ok`);
    client.destroy();
    assert.equal((await next).status, 200);
    assert.deepEqual(
      log.slice(before).map(({ path: asked, status, error }) => [asked, status, error?.code]),
      [
        ["/spin", undefined, "PLUGIN_ABORTED"],
        ["/ok", 200, undefined],
      ],
    );
  });
});

async function misbehaving(): Promise<Uint8Array> {
  return componentize(await parse(watPlugin({ fields: MISBEHAVING })), "wat");
}

/** An HTTP plugin in WAT: what it does is decided by the second letter of the path. */
const MISBEHAVING = `
  (data (i32.const 640) "GET/:what")
  (func (export "tusk:plugin/http-plugin@0.1.0#register-routes") (result i32)
    (i32.store (i32.const 704) (i32.const 640)) (i32.store (i32.const 708) (i32.const 3))
    (i32.store (i32.const 712) (i32.const 643)) (i32.store (i32.const 716) (i32.const 6))
    (i32.store (i32.const 720) (i32.const 704)) (i32.store (i32.const 724) (i32.const 1))
    (i32.const 720))
  (func (export "tusk:plugin/http-plugin@0.1.0#handle-request") (param $request i32) (result i32)
    (local $what i32)
    (local.set $what (i32.load8_u (i32.add (i32.load (i32.add (local.get $request) (i32.const 16))) (i32.const 1))))
    (if (i32.eq (local.get $what) (i32.const 115)) (then (loop $forever (br $forever))))
    (if (i32.eq (local.get $what) (i32.const 116)) (then (unreachable)))
    (global.set $next (i32.const 4096))
    (i64.store (i32.const 736) (i64.const 0)) (i64.store (i32.const 744) (i64.const 0)) (i64.store (i32.const 752) (i64.const 0))
    (i32.store16 (i32.const 740) (i32.const 200))
    (i32.const 736))
`;
