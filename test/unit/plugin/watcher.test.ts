import assert from "node:assert/strict";
import { mkdir, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { EventBus } from "../../../host/plugin/events.ts";
import { HotReload } from "../../../host/plugin/hot-reload.ts";
import { PluginWatcher } from "../../../host/plugin/watcher.ts";
import { systemClock } from "../../../host/core/clock.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

const watches = () => process.getActiveResourcesInfo().filter((name) => name === "FSEventWrap").length;

suite("what follows files", () => {
  const folder = temporaryFolder();

  test("watches nothing any more once it has ended, also if it ends while a link is followed anew", async () => {
    const [one, two, link] = ["one", "two", "link"].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    await mkdir(one);
    await mkdir(two);
    await symlink(one, link);
    const watcher = await PluginWatcher.start({ folders: [link], files: [] }, () => undefined);
    await symlink(two, `${link}.new`);
    await rename(`${link}.new`, link);
    watcher.check();
    await watcher[Symbol.asyncDispose]();
    // What was closed is gone when the event loop has turned.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(watches(), 0);
  });

  test("takes a file that is there and cannot be read for a broken one, not for one that is gone", async () => {
    const file = await folder.write("plugins/p.wasm", "");
    const { promise, resolve } = Promise.withResolvers<string>();
    await using _ = await HotReload.start(
      { folders: [join(folder.path, "plugins")], files: [] },
      {
        changed: async () => resolve("changed"),
        gone: async () => resolve("gone"),
      },
      systemClock,
    );
    await rename(file, `${file}.old`);
    await symlink("p.wasm", file);
    assert.equal(await promise, "changed");
  });

  test("events that are read after the end are none", async () => {
    const events = new EventBus();
    events.close();
    assert.deepEqual(await Array.fromAsync(events.read()), []);
  });
});
