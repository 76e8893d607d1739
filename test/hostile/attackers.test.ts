import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { createHost, type Host, HostError } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { type Asking, keepAsking } from "./neighbour.ts";
import { tryAttackers } from "./try-attackers.ts";
import { buildWat, buildWatAgainst } from "./wat-plugin.ts";

suite("a hostile plugin is contained, and its neighbour goes on", () => {
  const folder = temporaryFolder();
  const log = recordingLog();
  let host: Host;
  let asking: Asking;

  before(async () => {
    host = await createHost({ log });
    const file = await folder.write("neighbour.wasm", await buildWat({}));
    asking = keepAsking(await host.load(file));
  });

  after(async () => {
    const longestWaitMs = await asking.stop();
    await host.shutdown();
    // 200 ms is what a plugin may take where it cannot be suspended, and 1 s where it is started.
    console.log(`    # the neighbour waited ${longestWaitMs.toFixed(0)} ms at the longest`);
    assert.ok(longestWaitMs < 5_000, `the neighbour waited for ${longestWaitMs} ms`);
  });

  for (const theirs of [
    "message: list<u8>",
    "message: u64",
    "message: option<bool>",
    "message: list<list<u8>>",
  ]) {
    test(`declares that a log line has ${theirs}`, async () => {
      const flat = theirs.endsWith("u64>") || theirs.endsWith("u64") ? "i64" : "i32 i32";
      const value = flat === "i64" ? "(i64.const 5)" : "(i32.const 1) (i32.const 1)";
      const parts = {
        imports: `(import "tusk:plugin/logger@0.1.0" "log" (func $log (param i32 ${flat} i32 i32 i32)))`,
        query: `(call $log (i32.const 2) ${value} (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 128)`,
      };
      const component = await buildWatAgainst(
        parts,
        "level: level, message: string",
        `level: level, ${theirs}`,
      );
      const file = await folder.write(`types-${theirs.length}.wasm`, component);
      await assert.rejects(host.load(file), (error) => HostError.is(error, "CONTRACT_TYPES"));
    });
  }

  tryAttackers(folder, () => host, buildWat);
});
