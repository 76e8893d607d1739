import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Activity, ActivityLog } from "../../../host/control/activity-log.ts";

const never = new AbortController().signal;

function write(log: ActivityLog, plugin: string, message: string): void {
  log.write({ timeMs: 0, plugin, source: "plugin", level: "info", message });
}

function said(activities: readonly Activity[]): string[] {
  return activities.map((activity) =>
    activity.type === "log" ? activity.entry.message : activity.event.type,
  );
}

suite("what happened lately", () => {
  test("is told up to a number of lines, of all plugins or of one", async () => {
    using log = new ActivityLog();
    for (let i = 1; i <= 1_500; i++) write(log, i % 2 ? "odd" : "even", `${i}`);
    log.happened({ type: "loading", plugin: "even" }, 0);
    const read = async (lines: number, plugin?: string) =>
      said(await Array.fromAsync(log.read({ lines, plugin, follow: false }, never)));
    assert.deepEqual(await read(3), ["1499", "1500", "loading"]);
    assert.deepEqual(await read(2, "odd"), ["1497", "1499"]);
    assert.deepEqual(await read(0), []);
    assert.equal((await read(99_999)).length, 1_000);
  });

  test("is followed without a gap or a repetition, until the reader or the log ends", async () => {
    const log = new ActivityLog();
    write(log, "p", "before");
    const gone = new AbortController();
    const all = { lines: 9, follow: true };
    const [kept, brief] = [log.read({ ...all, plugin: "p" }, never), log.read(all, gone.signal)];
    assert.deepEqual(said([(await kept.next()).value as Activity]), ["before"]);
    assert.deepEqual(said([(await brief.next()).value as Activity]), ["before"]);
    write(log, "q", "of another");
    write(log, "p", "after");
    gone.abort();
    log[Symbol.dispose]();
    assert.deepEqual(said(await Array.fromAsync(kept)), ["after"]);
    assert.deepEqual(said(await Array.fromAsync(brief)), ["of another", "after"]);
  });
});
