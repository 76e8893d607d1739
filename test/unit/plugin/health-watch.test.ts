import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createHost } from "tusk-host";
import { buildWat } from "../../hostile/wat-plugin.ts";
import { settingsFor } from "../../kit/settings-for.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";
import { VirtualClock } from "tusk-host/testing";

/** Is healthy the first time, and never again; takes queries all the same. */
const SICKLY = {
  fields: "(global $checks (mut i32) (i32.const 0))",
  health: `(global.set $checks (i32.add (global.get $checks) (i32.const 1)))
    (i32.store8 (i32.const 128) (i32.ne (global.get $checks) (i32.const 1))) (i32.store8 (i32.const 132) (i32.const 0))
    (i32.store (i32.const 136) (i32.const 512)) (i32.store (i32.const 140) (i32.const 3)) (i32.const 128)`,
};

suite("the health of a plugin that serves", () => {
  const folder = temporaryFolder();

  async function host(name: string, health: object, healthCheckMs: number) {
    const clock = new VirtualClock();
    const path = await folder.write(`${name}.wasm`, await buildWat(health));
    const settings = await settingsFor({ p: { path, healthCheckMs } });
    const started = await createHost({ settings, clock });
    const healthOf = () => started.plugin("p").status().health;
    /** Lets time pass until a check has said something new. */
    const later = async () => {
      const before = healthOf();
      clock.advance(1_000);
      while (healthOf() === before) await new Promise((resolve) => setImmediate(resolve));
      return healthOf();
    };
    return { host: started, clock, healthOf, later };
  }

  test("is checked from time to time, and what it says is told and changes nothing else", async () => {
    const { host: running, healthOf, later } = await host("sickly", SICKLY, 1_000);
    await using _ = running;
    const start = healthOf()?.checkedAtMs ?? NaN;
    assert.deepEqual(healthOf(), { healthy: true, checkedAtMs: start });
    const { healthy, checkedAtMs, problem } = (await later()) ?? {};
    assert.deepEqual([healthy, checkedAtMs, problem?.code], [false, start + 1_000, "PLUGIN_ERROR"]);
    assert.equal((await later())?.healthy, false);
    assert.deepEqual(await running.plugin("p").database.executeQuery("", [7]), [7]);
    assert.partialDeepStrictEqual(running.plugin("p").status(), {
      state: "serving",
      generation: 1,
      circuit: "closed",
      traffic: { failures: 0, instances: 1 },
    });
  });

  test("that changes is told as an event, once each way", async () => {
    // Healthy at every third check.
    const fickle = {
      ...SICKLY,
      health: SICKLY.health.replace(
        "(i32.ne (global.get $checks) (i32.const 1))",
        "(i32.ne (i32.rem_u (global.get $checks) (i32.const 3)) (i32.const 1))",
      ),
    };
    const { host: running, later } = await host("fickle", fickle, 1_000);
    const events = Array.fromAsync(running.events());
    for (let check = 2; check <= 5; check++) await later();
    await running.shutdown();
    assert.deepEqual(
      (await events).map(({ type }) => type),
      ["unhealthy", "healthy", "unhealthy", "stopped"],
    );
  });

  test("is not checked while there is no instance that is free, nor if its settings say so, nor after its end", async () => {
    const { host: running, clock, healthOf } = await host("never", SICKLY, 0);
    assert.equal(clock.timers, 0);
    assert.equal(healthOf()?.healthy, true);
    await running.shutdown();
    const dying = { ...SICKLY, query: "(unreachable)" };
    const dead = await host("dead", dying, 1_000);
    await assert.rejects(dead.host.plugin("p").database.executeQuery("", []));
    dead.clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([dead.healthOf()?.healthy, dead.clock.timers], [true, 1]);
    await dead.host.shutdown();
    assert.equal(dead.clock.timers, 0);
  });
});
