import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { HostError } from "../../../host/core/error.ts";
import { createAdminServer } from "../../../host/http/admin-server.ts";
import type { CallObserver } from "../../../host/plugin/call-observers.ts";
import { EventBus } from "../../../host/plugin/events.ts";
import type { PluginStatus } from "../../../host/plugin/status.ts";
import { serve } from "./client.ts";

const broken = new Error("broken");
const fails = (): never => {
  throw broken;
};

suite("what fails where nobody waits for it is told, and ends nothing", () => {
  test("when it is an access log", async (t) => {
    const a = { routes: ["GET /a"], handle: () => ({ status: 200 }) };
    const faults: HostError[] = [];
    const { server, url } = await serve(
      t,
      { a },
      { accessLog: fails, onFault: (error) => void faults.push(error) },
    );
    const heard: string[] = [];
    server.onRequest(({ path }) => void heard.push(path));
    for (let i = 0; i < 2; i++) assert.equal((await fetch(`${url}/a`)).status, 200);
    assert.deepEqual(
      faults.map(({ code, cause }) => [code, cause]),
      Array.from({ length: 2 }, () => ["HOST_FAULT", broken]),
    );
    assert.match(faults[0]?.message ?? "", /while it told what became of a request/);
    assert.deepEqual(heard, ["/a", "/a"]);
  });

  test("when it is who is told of routes, which are served all the same", async (t) => {
    const faults: HostError[] = [];
    const { host, url } = await serve(
      t,
      { a: { routes: ["GET /a"] } },
      { onRoutes: fails, onFault: (error) => void faults.push(error) },
    );
    host.swap("a", { routes: ["GET /b"], handle: () => ({ status: 200 }) });
    assert.equal((await fetch(`${url}/b`)).status, 200);
    assert.deepEqual(
      faults.map(({ cause }) => cause),
      [broken],
    );
  });

  test("when it is what the metrics are made of", async (t) => {
    const faults: HostError[] = [];
    const bus = new EventBus();
    let observer: CallObserver | undefined;
    const host = {
      plugins: (): PluginStatus[] => fails(),
      events: () => bus.read(),
      onCall(given: CallObserver) {
        observer = given;
        return { [Symbol.dispose]: () => undefined };
      },
    };
    const admin = await createAdminServer(host, { onFault: (error) => void faults.push(error) });
    t.after(() => admin.close());
    for (const path of ["/metrics", "/ready"]) {
      const response = await fetch(`${admin.url}${path}`);
      assert.deepEqual(
        [response.status, response.headers.get("content-type")],
        [500, "application/problem+json"],
      );
      assert.doesNotMatch(await response.text(), /broken/);
    }
    assert.deepEqual(
      faults.map(({ code, cause }) => [code, cause]),
      Array.from({ length: 2 }, () => ["HOST_FAULT", broken]),
    );
    // No number can be made of it.
    const call = { plugin: "a", function: "f", durationMs: NaN, fuel: NaN, error: undefined };
    observer?.({ ...call, fuel: "many" as never });
    assert.equal(faults.length, 3);
    bus.emit({
      get type(): never {
        return fails();
      },
      plugin: "a",
    });
    assert.equal((await fetch(`${admin.url}/health`)).status, 200);
    assert.equal(faults.length, 4);
  });
});
