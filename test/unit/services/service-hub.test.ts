import assert from "node:assert/strict";
import { test } from "node:test";
import type { InstanceServices } from "../../../host/engine/plugin-instance.ts";
import type { LogEntry } from "../../../host/services/logger/log-entry.ts";
import { createServiceHub, type ServiceHub } from "../../../host/services/service-hub.ts";
import { VirtualClock } from "tusk-host/testing";

interface Served {
  readonly hub: ServiceHub;
  readonly clock: VirtualClock;
  readonly log: LogEntry[];
  /** An instance of the next generation of a plugin. */
  readonly serve: (plugin: string, secrets?: ReadonlySet<string>) => InstanceServices;
}

function createHub(): Served {
  const clock = new VirtualClock();
  const log: LogEntry[] = [];
  const hub = createServiceHub({
    clock,
    log: { write: (entry) => void log.push(entry) },
    limits: { log: { linesPerSecond: 10, burstLines: 4 } },
  });
  const serve: Served["serve"] = (plugin, secrets) =>
    hub.servicesFor({ plugin, config: { a: { b: 1 } }, permissions: { cache: true }, secrets }).forInstance();
  return { hub, clock, log, serve };
}

test("a plugin without permissions has its settings, the log, the time and randomness", async () => {
  const { hub } = createHub();
  await using _ = hub;
  const { services } = hub
    .servicesFor({ plugin: "plain", config: { port: 1 }, permissions: {} })
    .forInstance();
  assert.equal(services.config.get("port"), 1);
  assert.equal(services.clock.nowMs(), 1_700_000_000_000);
  assert.equal(services.random.getBytes(3).length, 3);
  assert.deepEqual([services.cache, services.database], [undefined, undefined]);
});

test("a log line arrives with its plugin, its time and its fields, without secrets", async () => {
  const { hub, clock, log, serve } = createHub();
  await using _ = hub;
  const { services } = serve("api", new Set(["hunter2"]));
  clock.advance(5);
  services.logger.log("warn", "password is hunter2\n", { tries: 3, last: "hunter2" });
  assert.deepEqual(log, [
    {
      timeMs: 1_700_000_000_005,
      plugin: "api",
      source: "plugin",
      level: "warn",
      message: "password is [secret]\\n",
      fields: { tries: 3, last: "[secret]" },
    },
  ]);
});

test("lines below a plugin's level are left out", async () => {
  const { hub, log } = createHub();
  await using _ = hub;
  const options = { plugin: "quiet", config: {}, permissions: {}, minLogLevel: "warn" } as const;
  const { logger } = hub.servicesFor(options).forInstance().services;
  for (const level of ["trace", "debug", "info", "warn", "error"] as const)
    logger.log(level, level, undefined);
  assert.deepEqual(
    log.map(({ message }) => message),
    ["warn", "error"],
  );
});

test("each instance has its own last words", async () => {
  const { hub } = createHub();
  await using _ = hub;
  const served = hub.servicesFor({ plugin: "api", config: {}, permissions: {} });
  const [plugin, other] = [served.forInstance(), served.forInstance()];
  plugin.services.logger.log("error", "first\n", undefined);
  plugin.services.logger.log("error", "second", undefined);
  plugin.services.logger.log("warn", "later", undefined);
  other.services.logger.log("error", "other", undefined);
  assert.deepEqual(
    [plugin.lastWords(), other.lastWords(), served.forInstance().lastWords()],
    ["second", "other", undefined],
  );
});

test("a flood is cut off for all generations of a plugin together, reported once, and last words are kept", async () => {
  const { hub, clock, log, serve } = createHub();
  await using _ = hub;
  const [old, next] = [serve("loud"), serve("loud")];
  for (let i = 0; i < 3; i++) {
    old.services.logger.log("info", "old", undefined);
    next.services.logger.log("error", `next ${i}`, undefined);
  }
  serve("calm").services.logger.log("info", "calm", undefined);
  assert.deepEqual(
    log.map(({ message }) => message),
    ["old", "next 0", "old", "next 1", "calm"],
  );
  assert.equal(next.lastWords(), "next 2");
  clock.advance(200);
  assert.deepEqual(
    log.slice(5).map(({ plugin, source, level, message }) => [plugin, source, level, message]),
    [["loud", "host", "warn", "2 log lines were left out: it writes more than 10 a second."]],
  );
  assert.equal(clock.timers, 0);
});

test("closing the hub tells what was dropped, and leaves no timer", async () => {
  const { hub, clock, log, serve } = createHub();
  for (let i = 0; i < 6; i++) serve("loud").services.logger.log("info", "line", undefined);
  await hub.close();
  assert.match(log.at(-1)?.message ?? "", /^2 log lines were left out/);
  assert.equal(clock.timers, 0);
});

test("what a plugin keeps in its cache is there after a swap", async () => {
  const { hub } = createHub();
  await using _ = hub;
  const serve = () => hub.servicesFor({ plugin: "api", config: {}, permissions: { cache: true } });
  const old = serve();
  await old.forInstance().services.cache?.set("k", [1], undefined);
  await old.close();
  assert.deepEqual(await serve().forInstance().services.cache?.get("k"), [1]);
});
