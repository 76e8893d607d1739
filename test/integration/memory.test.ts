import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { createHost, HostError } from "tusk-host";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { markedBuild } from "../kit/marked-build.ts";
import { memoryInUse } from "../kit/memory.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const MB = 2 ** 20;
const CALLS = 10_000;
const SWAPS = 300;
const PLUGIN = {
  permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
  dependencies: ["nobody?"],
};

suite("memory", () => {
  const folder = temporaryFolder();

  for (const name of ["conformance-as", "conformance-rust"] as const) {
    test(
      `${CALLS} calls of ${name} leave its memory and the host's heap flat`,
      { skip: skipUnlessBuilt(name) },
      async (t) => {
        await using host = await createHost({
          settings: await settingsFor({ plugin: { ...PLUGIN, path: fixture(name) } }),
        });
        const plugin = host.plugin("plugin");
        const call = async (i: number) => {
          const value = { i, text: "x".repeat(500), list: [1, 2.5, null, "🦣"] };
          assert.deepEqual(await plugin.database.executeQuery("echo", [value]), [value]);
          await assert.rejects(plugin.database.executeQuery("error:denied", []), HostError);
        };
        for (let i = 0; i < CALLS / 5; i++) await call(i);
        const before = { ...(await memoryInUse()), guest: plugin.status().memory?.usedBytes };
        for (let i = 0; i < CALLS; i++) await call(i);
        const after = { ...(await memoryInUse()), guest: plugin.status().memory?.usedBytes };
        t.diagnostic(`the heap grew by ${((after.heap - before.heap) / MB).toFixed(2)} MB`);
        assert.equal(after.guest, before.guest);
        assert.ok(after.heap - before.heap < MB, `the heap grew by ${after.heap - before.heap} bytes`);
      },
    );
  }

  test(`${SWAPS} swaps leave the process as large as 100 did`, async (t) => {
    const builds = await Promise.all([readFile(fixture("api")), readFile(fixture("conformance-as"))]);
    const file = await folder.write("plugin.wasm", builds[1]);
    await using host = await createHost({
      settings: await settingsFor({ plugin: { ...PLUGIN, path: file } }),
    });
    const sizes: number[] = [];
    for (let swap = 1; swap <= SWAPS; swap++) {
      await folder.write("plugin.wasm", markedBuild(builds[1], swap));
      assert.equal(await host.reload("plugin"), true);
      await host.plugin("plugin").notification.supportedChannels();
      if (swap % 100 === 0) sizes.push((await memoryInUse()).rss);
    }
    t.diagnostic(
      `RSS after each 100 swaps: ${sizes.map((size) => `${(size / MB).toFixed(0)} MB`).join(", ")}`,
    );
    const [first = NaN, , last = NaN] = sizes;
    assert.ok(last < first * 1.15, `from ${first} to ${last} bytes`);
  });
});
