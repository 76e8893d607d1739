import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { createHost, type ErrorCode, HostError } from "tusk-host";
import { buildWat } from "../hostile/wat-plugin.ts";
import { fixture } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

suite("plugins that depend on others", () => {
  const folder = temporaryFolder();

  test("start after them; one that fails keeps only its dependents from starting, until it is mended", async () => {
    const good = await buildWat({});
    const base = await folder.write("base.wasm", "no plugin at all");
    const path = await folder.write("good.wasm", good);
    const settings = await settingsFor({
      top: { path, dependencies: ["middle"] },
      middle: { path, dependencies: ["base"] },
      base: { path: base },
      other: { path },
    });
    await using host = await createHost({ settings, folder: null, watch: true });
    const states = () =>
      Object.fromEntries(host.plugins().map(({ name, state, problem }) => [name, problem?.code ?? state]));
    assert.deepEqual(states(), {
      base: "BINARY_NOT_WASM",
      other: "serving",
      middle: "DEPENDENCY_NOT_SERVING",
      top: "DEPENDENCY_NOT_SERVING",
    });
    const events = host.events();
    await folder.write("base.wasm", good);
    while (host.plugin("top").status().state !== "serving") await events.next();
    assert.deepEqual(new Set(Object.values(states())), new Set(["serving"]));
  });

  test("take only a version that will do", async () => {
    const path = await folder.write("versioned.wasm", await buildWat({}));
    const settings = await settingsFor({
      base: { path },
      fits: { path, dependencies: ["base@^1"] },
      wants: { path, dependencies: ["base@^2"] },
    });
    await using host = await createHost({ settings, folder: null });
    assert.equal(host.plugin("fits").status().state, "serving");
    assert.equal(host.plugin("wants").status().problem?.code, "DEPENDENCY_VERSION");
  });

  test("keep a swap from taking away what they depend on", async () => {
    const path = await folder.write("stays.wasm", await buildWat({}));
    const changing = await folder.write("changing.wasm", await buildWat({}));
    const settings = await settingsFor({ base: { path: changing }, user: { path, dependencies: ["base"] } });
    await using host = await createHost({ settings, folder: null });
    await folder.write("changing.wasm", await readFile(fixture("api")));
    await assert.rejects(host.reload("base"), hasCode("SWAP_BREAKS_DEPENDENT"));
    assert.deepEqual(await host.plugin("base").database.executeQuery("", [1]), [1]);
    await host.unload("user");
    assert.equal(await host.reload("base"), true);
    assert.equal(host.plugin("base").has("http"), true);
  });
});

function hasCode(code: ErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(HostError.is(error), String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}
