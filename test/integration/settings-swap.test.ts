import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createHost, HostError, loadSettings } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { buildWat } from "../hostile/wat-plugin.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

suite("settings that change while plugins serve", () => {
  const folder = temporaryFolder();

  const settingsOf = async (contents: object) =>
    loadSettings(await folder.write("tusk.json", JSON.stringify(contents)));
  const generations = (host: Awaited<ReturnType<typeof createHost>>) =>
    Object.fromEntries(
      host.plugins().map(({ name, generation, state }) => [name, state === "serving" ? generation : state]),
    );

  test("a changed plugin is swapped, an unchanged one untouched, a removed one ended, an added one started", async () => {
    const path = await folder.write("p.wasm", await buildWat({}));
    const before = { same: { path }, changed: { path }, removed: { path }, disabled: { path } };
    await using host = await createHost({ settings: await settingsOf(before) });
    assert.deepEqual(generations(host), { same: 1, changed: 1, removed: 1, disabled: 1 });

    const after = {
      same: { path },
      changed: { path, limits: { timeoutMs: "5s" }, config: { a: 1 } },
      disabled: { path, enabled: false },
      added: { path },
    };
    const events = host.events();
    await host.apply(await settingsOf(after));
    assert.deepEqual(generations(host), { same: 1, changed: 2, added: 1 });
    assert.deepEqual(await host.plugin("changed").database.executeQuery("", [7]), [7]);
    await host.shutdown();
    const told = await Array.fromAsync(events);
    const swapped = told.find(({ type }) => type === "swapped");
    assert.deepEqual(swapped?.type === "swapped" && swapped.changes, [
      { what: "settings", from: "", to: "config, limits" },
    ]);
  });

  test("a plugin that does not take its new settings goes on with the old ones", async () => {
    const path = await folder.write("q.wasm", await buildWat({}));
    await using host = await createHost({ settings: await settingsOf({ q: { path } }) });
    await host.apply(await settingsOf({ q: { path, limits: { memoryBytes: 65_536 } } }));
    assert.equal(host.plugin("q").status().problem?.code, "BINARY_OVER_LIMIT");
    assert.deepEqual(await host.plugin("q").database.executeQuery("", [7]), [7]);
    assert.equal(host.plugin("q").status().memory?.limitBytes, 100 * 2 ** 20);
  });

  test("what a host is built on cannot change, and then nothing does", async () => {
    const path = await folder.write("r.wasm", await buildWat({}));
    await using host = await createHost({ settings: await settingsOf({ plugins: { r: { path } } }) });
    const changed = await settingsOf({ plugins: { s: { path } }, databases: { other: "sqlite::memory:" } });
    await assert.rejects(host.apply(changed), (error) => HostError.is(error, "SETTINGS_FIXED"));
    const circle = await settingsOf({
      plugins: { r: { path, dependencies: ["s"] }, s: { path, dependencies: ["r"] } },
    });
    await assert.rejects(host.apply(circle), (error) => HostError.is(error, "DEPENDENCY_CYCLE"));
    assert.deepEqual(generations(host), { r: 1 });
  });

  test("what new settings say is secret, and what they refuse, holds for what is started by them", async () => {
    const imports = `(import "tusk:plugin/logger@0.1.0" "log" (func $log (param i32 i32 i32 i32 i32 i32)))`;
    // Logs its settings.
    const initialize = `(call $log (i32.const 2) (local.get $settings) (local.get $settingsLength)
      (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 128)`;
    const path = await folder.write("t.wasm", await buildWat({ imports, initialize }));
    const odd = await folder.write("u.wasm", await buildWat({ fields: "(func $nothing) (start $nothing)" }));
    const log = recordingLog();
    await using host = await createHost({ settings: await settingsOf({ plugins: { t: { path } } }), log });
    const changed = {
      plugins: { t: { path, config: { token: "hunter-two" } }, u: { path: odd } },
      inspection: { refuse: ["start-section"] },
    };
    await host.apply(await settingsOf(changed));
    assert.match(log.entries.at(-1)?.message ?? "", /token.*\[secret\]/);
    assert.ok(!log.entries.some(({ message }) => message.includes("hunter-two")));
    assert.equal(host.plugin("u").status().problem?.code, "FINDING_REFUSED");
  });

  test("the files of new settings are followed, and those of old ones no longer", async () => {
    const [one, two] = await Promise.all([
      folder.write("one.wasm", await buildWat({})),
      folder.write("two.wasm", await buildWat({})),
    ]);
    await using host = await createHost({
      settings: await settingsOf({ p: { path: one } }),
      folder: null,
      watch: true,
    });
    const events = host.events();
    await host.apply(await settingsOf({ p: { path: two } }));
    await folder.write("two.wasm", await buildWat({ memory: "3" }));
    while (host.plugin("p").status().memory?.usedBytes !== 3 * 65_536) await events.next();
    assert.equal(host.plugin("p").status().state, "serving");
  });
});
