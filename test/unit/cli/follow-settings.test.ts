import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { followSettings } from "../../../host/cli/follow-settings.ts";
import { parseSettings } from "../../../host/config/parse-settings.ts";
import { PluginWatcher } from "../../../host/plugin/watcher.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

const onHangUp = { skip: process.platform === "win32" ? "it takes SIGHUP" : false };

suite("settings that are followed", () => {
  const folder = temporaryFolder();

  test("go on, and are followed again, after what watches them did not start", onHangUp, async () => {
    const settings = { ...(await parseSettings({})), sources: [join(folder.path, "tusk.json")] };
    const faults: [string, unknown][] = [];
    const broken = new Error("too many files are open");
    let starts = 0;
    const started = Promise.withResolvers<void>();
    const following = await followSettings(
      settings,
      true,
      (current) => Promise.resolve(current),
      (...fault) => void faults.push(fault),
      async (...args) => {
        if (++starts <= 2) throw broken;
        const watcher = await PluginWatcher.start(...args);
        started.resolve();
        return watcher;
      },
    );
    while (starts < 3) {
      process.kill(process.pid, "SIGHUP");
      await new Promise((resolve) => setImmediate(resolve));
    }
    await started.promise;
    await following[Symbol.asyncDispose]();
    const fault = ["followed the files of its settings", broken];
    assert.deepEqual(faults, [fault, fault]);
    assert.equal(starts, 3);
  });

  test("go on after one reading failed", onHangUp, async () => {
    const faults: unknown[] = [];
    const read = Promise.withResolvers<void>();
    let reads = 0;
    const following = await followSettings(
      await parseSettings({}),
      false,
      async (current) => {
        if (++reads === 1) throw new Error("broken");
        read.resolve();
        return current;
      },
      (_, thrown) => void faults.push(thrown),
    );
    while (reads < 2) {
      process.kill(process.pid, "SIGHUP");
      await new Promise((resolve) => setImmediate(resolve));
    }
    await read.promise;
    await following[Symbol.asyncDispose]();
    assert.deepEqual(faults, [new Error("broken")]);
  });
});
