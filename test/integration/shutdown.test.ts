import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createHost, type HostEvent } from "tusk-host";
import { buildWat, type WatParts } from "../hostile/wat-plugin.ts";
import { startHeldServer } from "../kit/held-server.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

/** Asks the URL that its settings name, and waits for the answer: {"url": "…"} is 81 a3 75 72 6c, a byte, and the URL. */
const WAITS: WatParts = {
  imports: `(import "tusk:plugin/http-client@0.1.0" "send"
    (func $send (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))`,
  fields: `(data (i32.const 600) "GET") (global $url (mut i32) (i32.const 0)) (global $length (mut i32) (i32.const 0))`,
  initialize: `(global.set $url (i32.add (local.get $settings) (i32.const 6)))
    (global.set $length (i32.and (i32.load8_u (i32.add (local.get $settings) (i32.const 5))) (i32.const 31)))
    (i32.const 128)`,
  shutdown: `(call $send (i32.const 600) (i32.const 3) (global.get $url) (global.get $length) (i32.const 0) (i32.const 0)
    (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 256)) (i32.const 128)`,
};

suite("a host that shuts down", () => {
  const folder = temporaryFolder();

  test("stops every plugin, the last one first, whatever hangs, spins or fails on the way", async () => {
    await using server = await startHeldServer();
    const builds: Record<string, WatParts> = {
      first: {},
      waits: WAITS,
      traps: { shutdown: "(unreachable)" },
      spins: { shutdown: "(loop $forever (br $forever)) (unreachable)" },
      last: {},
    };
    const plugins = Object.fromEntries(
      await Promise.all(
        Object.entries(builds).map(async ([name, parts], i) => {
          const path = await folder.write(`${name}.wasm`, await buildWat(parts));
          const permissions = { "http-client": ["127.0.0.1"] };
          const limits = { shutdownMs: 50 };
          return [name, { path, permissions, limits, load_order: i, config: { url: server.url } }] as const;
        }),
      ),
    );
    const host = await createHost({ settings: await settingsFor(plugins) });
    const order = host.plugins().map(({ name }) => name);
    const events = Array.fromAsync(host.events());
    await host.shutdown();
    const stops = (await events).filter(
      (event): event is HostEvent & { type: "stopped" } => event.type === "stopped",
    );
    assert.deepEqual(
      stops.map(({ plugin, error }) => [plugin, error?.code]),
      [
        ["last", undefined],
        ["spins", "SHUTDOWN_TIMEOUT"],
        ["traps", "PLUGIN_TRAPPED"],
        ["waits", "SHUTDOWN_TIMEOUT"],
        ["first", undefined],
      ],
    );
    assert.deepEqual(order, ["first", "waits", "traps", "spins", "last"]);
  });
});
