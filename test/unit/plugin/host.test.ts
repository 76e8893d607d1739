import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, suite, test } from "node:test";
import { createHost, HostError } from "tusk-host";
import { buildWat } from "../../hostile/wat-plugin.ts";
import { fixture } from "../../kit/fixtures.ts";
import { settingsFor } from "../../kit/settings-for.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

suite("a host", () => {
  const folder = temporaryFolder();
  let build: Uint8Array;

  before(async () => {
    build = await buildWat({});
  });

  test("does not start a plugin again that is being unloaded", async () => {
    await using host = await createHost();
    await host.load(await folder.write("ending.wasm", build));
    const unloading = host.unload("ending");
    const reloading = host.reload("ending");
    await assert.rejects(reloading, hasCode("PLUGIN_NOT_SERVING"));
    await unloading;
    assert.deepEqual(host.plugins(), []);
  });

  for (const name of ["a\n00:00 error api: x", "\u001b[2J", "x\u202e", "a b", ".."]) {
    test(`loads no plugin that would be named ${JSON.stringify(name)}, and says so`, async () => {
      await using host = await createHost();
      const file = await folder.write(`odd/${name}.wasm`, build);
      await assert.rejects(host.load(file), hasCode("FILE_NAME_INVALID"));
      const [status] = host.plugins();
      assert.equal(status?.state, "failed");
      assert.doesNotMatch(`${status.name}${status.problem?.message}`, /[\p{Cc}\p{Bidi_C}]/u);
    });
  }

  test("loads nothing once it was shut down", async () => {
    const file = await folder.write("late.wasm", build);
    const host = await createHost();
    await host.load(file);
    await host.shutdown();
    await assert.rejects(host.reload("late"), hasCode("PLUGIN_NOT_SERVING"));
    await assert.rejects(host.load(file), hasCode("HOST_CLOSED"));
  });

  test("loads a plugin again that was unloaded", async () => {
    const file = await folder.write("again.wasm", build);
    await using host = await createHost();
    await host.load(file);
    await host.unload("again");
    assert.equal((await host.load(file)).status().state, "serving");
  });

  test("keeps a plugin that was loaded again while two were unloading the old one", async () => {
    const file = await folder.write("twice.wasm", build);
    await using host = await createHost();
    await host.load(file);
    const unloading = [host.unload("twice"), host.unload("twice")];
    await unloading[0];
    await host.load(file);
    await unloading[1];
    assert.equal(host.plugin("twice").status().state, "serving");
  });

  test("does not let a file take the place of another file's plugin because of its name", async () => {
    await using host = await createHost();
    const first = await folder.write("one/same.wasm", build);
    const second = await folder.write("two/same.wasm", build);
    await host.load(first);
    await assert.rejects(host.load(second), hasCode("PLUGIN_NAME_TAKEN"));
    assert.equal(host.plugin("same").status().file, first);
  });

  test("does not let a file in its folder take the place of a plugin of its settings", async () => {
    const path = await folder.write("settled/elsewhere.wasm", build);
    await folder.write("dropped/settled.wasm", await readFile(fixture("api")));
    const settings = await settingsFor({ settled: { path } });
    await using host = await createHost({ settings, folder: `${folder.path}/dropped` });
    assert.deepEqual(
      host.plugins().map(({ name, file }) => [name, file]),
      [["settled", path]],
    );
  });
});

function hasCode(code: string) {
  return (error: unknown) => {
    assert.ok(HostError.is(error), String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}
