import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { testPlugin } from "tusk-host/testing";
import { buildWat } from "../hostile/wat-plugin.ts";
import { fixture } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

suite("the test kit", () => {
  const folder = temporaryFolder();

  test("passes the plugins that come with the host", async () => {
    for (const [name, config] of [
      ["api", {}],
      ["postgres", { database: "main" }],
    ] as const) {
      const { passed, checks } = await testPlugin(fixture(name), { config });
      assert.ok(passed, JSON.stringify(checks, undefined, 2));
      assert.deepEqual([checks[0]?.name, checks.at(-1)?.name], ["is loaded and initialised", "shuts down"]);
    }
  });

  test("says what is wrong with a plugin", async () => {
    const file = await folder.write("wrong.wasm", await buildWat({ query: "(unreachable)" }));
    const { passed, checks } = await testPlugin(file);
    assert.equal(passed, false);
    assert.deepEqual(
      checks
        .filter(({ failure }) => failure)
        .map(({ name, failure }) => [name, failure?.message.includes("unreachable")]),
      [
        ["answers SELECT 1 AS test", true],
        ["creates a table, which is then there", true],
      ],
    );
  });

  test("says so when a plugin does not even start", async () => {
    const file = await folder.write("dead.wasm", await buildWat({ initialize: "(unreachable)" }));
    const { passed, checks } = await testPlugin(file);
    assert.equal(passed, false);
    assert.deepEqual(
      checks.map(({ name }) => name),
      ["is loaded and initialised"],
    );
  });
});
