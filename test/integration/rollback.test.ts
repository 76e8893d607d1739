import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { createHost, type ErrorCode, type Host, HostError, loadSettings } from "tusk-host";
import { buildWat } from "../hostile/wat-plugin.ts";
import { answering } from "../kit/answering-build.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

suite("a plugin that is rolled back", () => {
  const folder = temporaryFolder();
  let builds: Uint8Array[];

  before(async () => {
    builds = await Promise.all(Array.from({ length: 4 }, (_, mark) => answering(mark)));
  });

  const put = (name: string, mark: number) => folder.write(`${name}/p.wasm`, builds[mark] as Uint8Array);
  const answer = (host: Host) => host.plugin("p").database.executeQuery("", []);

  test("serves the build from before, and again the one from after", async () => {
    await using host = await createHost();
    await host.load(await put("twice", 0));
    await assert.rejects(host.rollback("p"), hasCode("ROLLBACK_IMPOSSIBLE"));
    await put("twice", 1);
    await host.reload("p");
    await host.rollback("p");
    assert.equal(await answer(host), 0);
    assert.equal(host.plugin("p").status().generation, 3);
    await host.rollback("p");
    assert.equal(await answer(host), 1);
    assert.equal(host.plugin("p").status().passedOver, undefined);
  });

  test("does not take what its file holds until it holds something else", async () => {
    const settings = await settingsFor({ p: { path: await put("watched", 0) } });
    await using host = await createHost({ settings, folder: null, watch: true });
    const events = host.events();
    await put("watched", 1);
    while ((await answer(host)) !== 1) await events.next();
    await host.rollback("p");
    const { hash, passedOver, previous } = host.plugin("p").status();
    assert.ok(hash !== passedOver && passedOver !== undefined && passedOver === previous?.hash);
    // The same contents anew; the next change shows that they were seen and led to nothing.
    await put("watched", 1);
    await host.apply(settings);
    assert.equal(await answer(host), 0);
    await put("watched", 2);
    while ((await answer(host)) !== 2) await events.next();
    assert.equal(host.plugin("p").status().generation, 4);
    assert.equal(host.plugin("p").status().passedOver, undefined);
    // What was passed over once is a build like any other now.
    await put("watched", 1);
    while ((await answer(host)) !== 1) await events.next();
  });

  test("takes what its file holds when that is asked for", async () => {
    await using host = await createHost();
    await host.load(await put("asked", 0));
    await put("asked", 1);
    await host.reload("p");
    await host.rollback("p");
    assert.equal(await host.reload("p"), true);
    assert.equal(await answer(host), 1);
    assert.equal(host.plugin("p").status().passedOver, undefined);
  });

  test("stays with its build when its settings change, and when it is disabled and enabled", async () => {
    const path = await put("settled", 0);
    const settings = async (a: number) =>
      loadSettings(await folder.write("settled/tusk.json", JSON.stringify({ p: { path, config: { a } } })));
    await using host = await createHost({ settings: await settings(1), folder: null });
    await put("settled", 1);
    await host.reload("p");
    await host.rollback("p");
    await host.apply(await settings(2));
    assert.deepEqual([await answer(host), host.plugin("p").status().generation], [0, 4]);
    await host.disable("p");
    await host.enable("p");
    assert.deepEqual([await answer(host), host.plugin("p").status().generation], [0, 5]);
    await host.rollback("p");
    assert.equal(await answer(host), 1);
  });

  test("passes over what was broken, too, and goes on as it was if the build from before is refused", async () => {
    const path = await folder.write("refused/p.wasm", await buildWat({ memory: "3" }));
    const settings = async (memoryBytes: number) =>
      loadSettings(
        await folder.write("refused/tusk.json", JSON.stringify({ p: { path, limits: { memoryBytes } } })),
      );
    await using host = await createHost({ settings: await settings(2 ** 20), folder: null });
    await put("refused", 1);
    await host.reload("p");
    await host.apply(await settings(2 * 65_536));
    await assert.rejects(host.rollback("p"), hasCode("BINARY_OVER_LIMIT"));
    assert.equal(await answer(host), 1);
    assert.equal(host.plugin("p").status().problem?.code, "BINARY_OVER_LIMIT");
    assert.equal(host.plugin("p").status().passedOver, undefined);
    await put("refused", 2);
    await host.reload("p");
    await folder.write("refused/p.wasm", "broken");
    await host.rollback("p");
    await host.apply(await settings(3 * 65_536));
    assert.equal(await answer(host), 1);
    await assert.rejects(host.reload("p"), hasCode("BINARY_NOT_WASM"));
  });

  test("is told as an event that says so", async () => {
    const host = await createHost();
    const events = Array.fromAsync(host.events());
    await host.load(await put("told", 0));
    await put("told", 1);
    await host.reload("p");
    await host.rollback("p");
    await host.shutdown();
    assert.deepEqual(
      (await events).map((event) => (event.type === "swapped" ? event.cause : event.type)),
      ["loading", "serving", "warned", "reload", "rollback", "stopped"],
    );
  });
});

suite("builds that are kept in the cache folder", () => {
  const folder = temporaryFolder();
  let builds: Uint8Array[];

  before(async () => {
    builds = await Promise.all(Array.from({ length: 5 }, (_, mark) => answering(mark)));
  });

  const put = (name: string, mark: number) => folder.write(`${name}/p.wasm`, builds[mark] as Uint8Array);
  const answer = (host: Host) => host.plugin("p").database.executeQuery("", []);
  const settingsOf = async (name: string, host: object) => {
    const contents = {
      plugins: { p: { path: join(folder.path, name, "p.wasm") } },
      cacheDir: join(folder.path, name, "cache"),
      ...host,
    };
    return loadSettings(await folder.write(`${name}/tusk.json`, JSON.stringify(contents)));
  };
  const start = async (name: string) => createHost({ settings: await settingsOf(name, {}), folder: null });
  const earlierOf = (host: Host) => host.plugin("p").status().earlier;
  /** Serves these builds, one after the other. */
  const serveAll = async (name: string, marks: readonly number[]) => {
    await put(name, marks[0] as number);
    await using host = await start(name);
    for (const mark of marks.slice(1)) {
      await put(name, mark);
      await host.reload("p");
    }
  };

  test("are brought back after a new start, by their hash too, and no more than the settings say", async () => {
    await serveAll("anew", [0, 1, 2, 3, 4]);
    await using host = await start("anew");
    assert.equal(await answer(host), 4);
    assert.equal(earlierOf(host).length, 3);
    await host.rollback("p");
    assert.equal(await answer(host), 3);
    const oldest = earlierOf(host).at(-1);
    assert.ok(oldest);
    await host.rollback("p", oldest.hash.slice(0, 6));
    assert.equal(await answer(host), 1);
    await assert.rejects(host.rollback("p", "9.9.9"), (error) => {
      assert.ok(HostError.is(error, "ROLLBACK_UNKNOWN"));
      assert.match(error.message, /"9\.9\.9".*1\.0\.0 \([\da-f]{8}\)/);
      return true;
    });
    await host.apply(await loadSettings(join(folder.path, "anew/tusk.json")));
    assert.equal(await answer(host), 1);
  });

  test("are what a plugin is started with that has failed, also at a new start", async () => {
    await serveAll("failed", [0, 1]);
    await folder.write("failed/p.wasm", "broken");
    await using host = await start("failed");
    assert.equal(host.plugin("p").status().state, "failed");
    assert.equal(host.plugin("p").status().previous?.hash, earlierOf(host)[0]?.hash);
    await host.rollback("p");
    assert.equal(await answer(host), 1);
    await assert.rejects(host.reload("p"), hasCode("BINARY_NOT_WASM"));
    assert.equal(await answer(host), 1);
  });

  test("are not run if they are damaged, and are gone if they are too large together", async () => {
    await serveAll("damaged", [0, 1]);
    const kept = join(folder.path, "damaged/cache/builds");
    const hash = createHash("sha256")
      .update(builds[0] as Uint8Array)
      .digest("hex");
    const name = (await readdir(kept)).find((file) => file.endsWith(`${hash}.wasm`)) ?? "";
    const damaged = Uint8Array.from(builds[0] as Uint8Array);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    await writeFile(join(kept, name), damaged);
    await using host = await start("damaged");
    await assert.rejects(host.rollback("p"), hasCode("BUILD_DAMAGED"));
    await rm(join(kept, name));
    await assert.rejects(host.rollback("p"), hasCode("BUILD_DAMAGED"));
    assert.equal(await answer(host), 1);
    const { length } = builds[2] as Uint8Array;
    await host.apply(await settingsOf("damaged", { history: { maxBytes: length * 2 } }));
    for (const mark of [2, 3]) {
      await put("damaged", mark);
      await host.reload("p");
    }
    assert.equal(earlierOf(host).length, 1);
    assert.equal((await readdir(kept)).filter((file) => file.endsWith(".wasm")).length, 2);
  });

  test("are held against what is trusted now", async () => {
    await serveAll("untrusted", [0, 1]);
    await using host = await start("untrusted");
    const trust = { default: "require" };
    await host.apply(await settingsOf("untrusted", { trust }));
    await assert.rejects(host.rollback("p"), hasCode("SIGNATURE_MISSING"));
    assert.equal(await answer(host), 1);
  });

  test("that cannot be kept are served all the same, and that is told", async () => {
    await put("full", 0);
    await using host = await start("full");
    const kept = join(folder.path, "full/cache/builds");
    await rm(kept, { recursive: true });
    await writeFile(kept, "no folder");
    const events = host.events();
    await put("full", 1);
    await host.reload("p");
    assert.equal(await answer(host), 1);
    await host.shutdown();
    const warnings = (await Array.fromAsync(events)).filter(({ type }) => type === "warned");
    assert.ok(warnings.some((event) => "error" in event && event.error?.code === "BUILD_NOT_KEPT"));
  });
});

suite("a plugin that is disabled", () => {
  const folder = temporaryFolder();

  test("is in the list and does not serve, whatever becomes of its file and settings, until it is enabled", async () => {
    const path = await folder.write("p.wasm", await answering(1));
    const settings = await settingsFor({ p: { path } });
    await using host = await createHost({ settings, folder: null });
    await host.disable("p");
    await host.disable("p");
    assert.equal(host.plugin("p").status().state, "disabled");
    await folder.write("p.wasm", await answering(2));
    await assert.rejects(host.reload("p"), hasCode("PLUGIN_NOT_SERVING"));
    await host.apply(settings);
    await assert.rejects(host.plugin("p").database.executeQuery("", []), hasCode("PLUGIN_NOT_SERVING"));
    await assert.rejects(host.rollback("p"), hasCode("PLUGIN_NOT_SERVING"));
    assert.equal(await host.enable("p"), true);
    assert.equal(await host.enable("p"), false);
    assert.equal(await host.plugin("p").database.executeQuery("", []), 2);
  });

  test("by its settings is started when it is enabled", async () => {
    const path = await folder.write("q.wasm", await answering(1));
    await using host = await createHost({ settings: await settingsFor({ q: { path, enabled: false } }) });
    assert.deepEqual(host.plugins(), []);
    assert.equal(await host.enable("q"), true);
    assert.equal(host.plugin("q").status().state, "serving");
  });

  test("by its settings and enabled by hand stays so until they say something else, and follows them", async () => {
    const path = await folder.write("r.wasm", await answering(1));
    const settings = (enabled: boolean, config: Record<string, number>) =>
      settingsFor({ r: { path, enabled, config }, other: { path } });
    await using host = await createHost({ settings: await settings(false, {}), folder: null });
    await host.enable("r");
    await host.apply(await settings(false, {}));
    assert.equal(host.plugin("r").status().generation, 1);
    await host.apply(await settings(false, { a: 1 }));
    assert.equal(host.plugin("r").status().generation, 2);
    await host.apply(await settings(true, { a: 1 }));
    assert.equal(host.plugin("r").status().generation, 2);
    await host.apply(await settings(false, { a: 1 }));
    assert.throws(() => host.plugin("r"), hasCode("PLUGIN_UNKNOWN"));
    await host.enable("r");
    await host.disable("r");
    await host.apply(await settings(false, { a: 2 }));
    assert.equal(host.plugin("r").status().state, "disabled");
    await host.enable("r");
    const { r: _, ...plugins } = (await settings(false, {})).plugins;
    await host.apply({ ...(await settings(false, {})), plugins });
    assert.throws(() => host.plugin("r"), hasCode("PLUGIN_UNKNOWN"));
  });

  test("or unloaded although others cannot do without it goes on, and says who they are", async () => {
    const path = await folder.write("base.wasm", await answering(1));
    const settings = await settingsFor({
      base: { path },
      user: { path, dependencies: ["base"] },
      guest: { path, dependencies: ["base?"] },
    });
    await using host = await createHost({ settings, folder: null });
    for (const end of [host.disable("base"), host.unload("base")]) {
      await assert.rejects(end, (error) => {
        assert.ok(HostError.is(error, "PLUGIN_NEEDED"), String(error));
        assert.deepEqual(error.details.dependents, ["user"]);
        return true;
      });
    }
    assert.equal(host.plugin("base").status().state, "serving");
    await host.disable("user");
    await host.disable("base");
    await assert.rejects(host.enable("user"), hasCode("DEPENDENCY_NOT_SERVING"));
    await host.enable("base");
    assert.equal(host.plugin("user").status().state, "serving");
  });

  test("others that wait for a plugin start when it is loaded by hand", async () => {
    const path = await folder.write("late.wasm", await answering(1));
    const broken = await folder.write("broken.wasm", "nothing yet");
    const settings = await settingsFor({ late: { path: broken }, early: { path, dependencies: ["late"] } });
    await using host = await createHost({ settings, folder: null });
    assert.equal(host.plugin("early").status().state, "failed");
    await folder.write("broken.wasm", await answering(1));
    await host.load(broken);
    assert.equal(host.plugin("early").status().state, "serving");
  });
});

function hasCode(code: ErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(HostError.is(error), String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}
