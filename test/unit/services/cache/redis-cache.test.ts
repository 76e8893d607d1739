import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { suite, test } from "node:test";
import { ServiceError } from "../../../../host/component/contract/service-error.ts";
import { createServiceHub } from "../../../../host/services/service-hub.ts";
import type { CacheService } from "../../../../host/component/contract/services.ts";

const isThere = spawnSync("redis-server", ["--version"]).error === undefined;
const skip =
  isThere || process.env["CI"] !== undefined
    ? false
    : "redis-server is missing: apt-get install redis-server";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** @returns When it takes connections. */
async function startRedis(port: number): Promise<ChildProcess> {
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(server.stdout)) {
    if (line.includes("Ready to accept connections")) break;
  }
  server.stdout.resume();
  return server;
}

async function stop(server: ChildProcess): Promise<void> {
  server.kill("SIGKILL");
  await once(server, "exit");
}

function open(url: string) {
  const hub = createServiceHub({ log: { write: () => undefined }, cache: { url } });
  const cacheOf = (plugin: string, cache: boolean | string): CacheService => {
    const { services } = hub.servicesFor({ plugin, config: {}, permissions: { cache } }).forInstance();
    return services.cache ?? assert.fail("It was granted.");
  };
  return { hub, cacheOf };
}

const isUnavailable = (error: unknown) => error instanceof ServiceError && error.kind === "unavailable";

suite("a cache on Redis", { skip }, () => {
  test("keeps what is set, of one plugin apart from another, and of those who share one together", async (t) => {
    const port = await freePort();
    const server = await startRedis(port);
    t.after(() => stop(server));
    const { hub, cacheOf } = open(`redis://127.0.0.1:${port}`);
    t.after(() => hub.close());
    const a = cacheOf("a", true);
    const value = { text: "Grüße", large: 2n ** 60n, bytes: Buffer.from([0, 255, 10]) };
    await a.set("k", value, undefined);
    assert.deepEqual(await a.get("k"), value);
    assert.equal(await cacheOf("b", true).get("k"), undefined);
    assert.equal(await cacheOf("b", "a").get("k"), undefined);
    await cacheOf("b", "common").set("k", 1, 60_000);
    assert.equal(await cacheOf("c", "common").get("k"), 1);
    assert.deepEqual([await a.delete("k"), await a.delete("k"), await a.get("k")], [true, false, undefined]);
    await a.set("k", 1, 0);
    assert.equal(await a.get("k"), undefined);
    await assert.rejects(a.set("k", new Uint8Array(20_000_000), undefined), { kind: "limit-exceeded" });
    await assert.rejects(a.get("k".repeat(2_000)), { kind: "limit-exceeded" });
  });

  test("is unavailable while the server is away, and comes back with it", async (t) => {
    const port = await freePort();
    const { hub, cacheOf } = open(`redis://127.0.0.1:${port}`);
    t.after(() => hub.close());
    const cache = cacheOf("a", true);
    await assert.rejects(cache.get("k"), isUnavailable);
    for (let round = 0; round < 2; round++) {
      const server = await startRedis(port);
      const until = performance.now() + 20_000;
      while (performance.now() < until && !(await cache.set("k", round, undefined).then(() => true, isNot))) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(await cache.get("k"), round);
      await stop(server);
      await assert.rejects(cache.get("k"), isUnavailable);
    }
  });
});

function isNot(error: unknown): false {
  assert.ok(isUnavailable(error));
  return false;
}
