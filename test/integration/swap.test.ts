import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import {
  createHost,
  type ErrorCode,
  type Host,
  type HostEvent,
  HostError,
  type PluginHandle,
} from "tusk-host";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { markedBuild, markOf } from "../kit/marked-build.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { CONFORMANCE_GRANTS, swapUnderTraffic } from "../kit/swap-traffic.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const CALLERS = 64;
/** `npm run soak` makes more of them. */
const SWAPS = 40;

const LANGUAGES = ["conformance-as", "conformance-rust"] as const;

suite("swaps", () => {
  const folder = temporaryFolder();
  const skip = skipUnlessBuilt("conformance-rust");

  test(
    `${CALLERS} callers see no failure, and no answer of the wrong generation, over ${SWAPS} swaps`,
    { skip },
    async () => {
      const { answers, refusals } = await swapUnderTraffic(folder, { callers: CALLERS, swaps: SWAPS });
      assert.ok(answers > SWAPS * 10, `only ${answers} answers`);
      assert.ok(refusals > SWAPS, `only ${refusals} refusals`);
    },
  );

  test("a file that is written again with the same contents is not swapped", async () => {
    const build = markedBuild(await readFile(fixture("conformance-as")), 1);
    const file = await folder.write("same.wasm", build);
    await using host = await createHost({
      settings: await settingsFor({
        same: { path: file, ...CONFORMANCE_GRANTS },
      }),
    });
    await folder.write("same.wasm", build);
    assert.equal(await host.reload("same"), false);
    assert.equal(host.plugin("same").status().generation, 1);
  });

  test("state is handed over to the next generation", { skip }, async () => {
    const builds = await Promise.all(LANGUAGES.map(async (name) => readFile(fixture(name))));
    const file = await folder.write("counting.wasm", markedBuild(builds[0] as Buffer, 1));
    await using host = await createHost({
      settings: await settingsFor({
        counting: { path: file, ...CONFORMANCE_GRANTS },
      }),
    });
    const plugin = host.plugin("counting");
    for (const n of [1, 2, 3]) assert.equal(await plugin.database.executeQuery("count", []), n);
    await folder.write("counting.wasm", markedBuild(builds[1] as Buffer, 2));
    await host.reload("counting");
    assert.equal(await plugin.database.executeQuery("count", []), 4);
  });

  test("a plugin that dies again and again can be replaced, although it has state to hand over", async () => {
    const build = await readFile(fixture("conformance-as"));
    const file = await folder.write("dying.wasm", markedBuild(build, 1));
    await using host = await createHost({
      settings: await settingsFor({
        dying: { path: file, ...CONFORMANCE_GRANTS },
      }),
    });
    const plugin = host.plugin("dying");
    for (let death = 1; death <= 5; death++) {
      await assert.rejects(plugin.database.executeQuery("unreachable", []), hasCode("PLUGIN_TRAPPED"));
    }
    assert.equal(plugin.status().circuit, "open");
    await folder.write("dying.wasm", markedBuild(build, 2));
    assert.equal(await host.reload("dying"), true);
    assert.equal(await markAnswered(plugin), 2);
  });

  test("a build that wants more than it was granted is refused, and what is missing is said", async () => {
    const file = await folder.write("modest.wasm", await readFile(fixture("api")));
    await using host = await createHost({ settings: await settingsFor({ modest: { path: file } }) });
    await folder.write("modest.wasm", await readFile(fixture("conformance-as")));
    await assert.rejects(host.reload("modest"), (error) => {
      assert.ok(HostError.is(error, "PERMISSION_MISSING"));
      assert.deepEqual(error.details.missing.toSorted(), [
        "cache",
        "database",
        "http-client",
        "mail",
        "peers",
      ]);
      return true;
    });
    const { status } = await host.plugin("modest").http.handleRequest({ method: "GET", path: "/api/health" });
    assert.equal(status, 200);
  });

  test("what happens to a plugin is told as events, in order", async () => {
    const file = await folder.write("told.wasm", await readFile(fixture("api")));
    const host = await createHost();
    const events = collect(host);
    await host.load(file);
    await folder.write("told.wasm", "not wasm at all");
    await assert.rejects(host.reload("told"), hasCode("BINARY_NOT_WASM"));
    await host.shutdown();
    assert.deepEqual(
      (await events).map(({ type }) => type),
      ["loading", "serving", "warned", "refused", "stopped"],
    );
  });
});

async function markAnswered(plugin: PluginHandle): Promise<number> {
  return markOf(await plugin.notification.supportedChannels());
}

async function collect(host: Host): Promise<HostEvent[]> {
  return Array.fromAsync(host.events());
}

function hasCode(code: ErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(HostError.is(error), String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}
