import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createHost, type Host, HostError, type PluginHandle } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { buildWat } from "../../hostile/wat-plugin.ts";
import { settingsFor } from "../../kit/settings-for.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

const spin = (rounds: number) =>
  `(global.set $rounds (i32.const ${rounds}))
   (loop $again (global.set $rounds (i32.sub (global.get $rounds) (i32.const 1)))
     (br_if $again (global.get $rounds)))`;

/** A query of one character traps, one of two takes long. Starting takes a while, shutting down is logged. */
const PARTS = {
  imports: `(import "tusk:plugin/logger@0.1.0" "log" (func $log (param i32 i32 i32 i32 i32 i32)))`,
  fields: "(global $rounds (mut i32) (i32.const 0))",
  initialize: `${spin(10_000_000)} (i32.const 128)`,
  shutdown: `(call $log (i32.const 2) (i32.const 512) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0))
    (i32.const 128)`,
  query: `(if (i32.eq (local.get $queryLength) (i32.const 1)) (then unreachable))
    (if (i32.eq (local.get $queryLength) (i32.const 2)) (then ${spin(100_000_000)}))
    (i32.store8 (i32.const 128) (i32.const 0)) (i32.store (i32.const 132) (i32.const 1024))
    (i32.store (i32.const 136) (i32.const 1)) (i32.const 128)`,
};

suite("a generation", () => {
  const folder = temporaryFolder();
  const log = recordingLog();

  async function serving(
    name: string,
    use: (plugin: PluginHandle, host: Host) => Promise<void>,
    instances = 1,
  ) {
    const path = await folder.write(`${name}.wasm`, await buildWat(PARTS));
    await using host = await createHost({
      log,
      settings: await settingsFor({ [name]: { path, instances } }),
    });
    await use(host.plugin(name), host);
  }

  const die = (plugin: PluginHandle) =>
    assert.rejects(plugin.database.executeQuery("x", []), hasCode("PLUGIN_TRAPPED"));

  /** Makes a call for which an instance has to be made first, and aborts it meanwhile. */
  async function abortWhileItStarts(plugin: PluginHandle): Promise<void> {
    const controller = new AbortController();
    const call = plugin.database.executeQuery("", [], { signal: controller.signal });
    setImmediate(() => controller.abort());
    await assert.rejects(call, hasCode("PLUGIN_ABORTED"));
  }

  test("lets go of a call that is aborted while its instance is made, which the next call then gets", () =>
    serving("aborted", async (plugin) => {
      await die(plugin);
      await abortWhileItStarts(plugin);
      assert.equal(await plugin.database.executeQuery("", []), null);
      assert.partialDeepStrictEqual(plugin.status().traffic, {
        calls: 3,
        failures: 1,
        busy: 0,
        waiting: 0,
        instances: 1,
      });
    }));

  test("opens its circuit whatever calls come to nothing between the deaths", () =>
    serving("dying", async (plugin) => {
      for (let death = 1; death <= 4; death++) await die(plugin);
      await abortWhileItStarts(plugin);
      await die(plugin);
      assert.equal(plugin.status().circuit, "open");
    }));

  test("holds nothing against a plugin for which calls have waited too long", () =>
    serving("slow", async (plugin) => {
      const slow = plugin.database.executeQuery("xx", []);
      const late = Array.from({ length: 5 }, () =>
        assert.rejects(plugin.database.executeQuery("", [], { timeoutMs: 1 }), hasCode("PLUGIN_TIMEOUT")),
      );
      await Promise.all([slow, ...late]);
      assert.equal(plugin.status().circuit, "closed");
      assert.equal(plugin.status().traffic?.failures, 0);
    }));

  const shutdowns = (name: string) => log.entries.filter(({ plugin }) => plugin === name).length;

  test("shuts down each of its instances", async () => {
    await serving(
      "several",
      async (plugin) => {
        await Promise.all([plugin.database.executeQuery("", []), plugin.database.executeQuery("", [])]);
        assert.equal(plugin.status().traffic?.instances, 2);
      },
      2,
    );
    assert.equal(shutdowns("several"), 2);
  });

  test("makes no instance only to shut it down", async () => {
    await serving("none", die);
    assert.equal(shutdowns("none"), 0);
  });
});

function hasCode(code: string) {
  return (error: unknown) => {
    assert.ok(HostError.is(error), String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}
