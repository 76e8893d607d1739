import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createHost, HostError } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { buildWat } from "./wat-plugin.ts";

const IMPORT = `import "tusk:plugin/cache@0.1.0"`;

suite("a plugin that computes where it allocates for what it has waited for", () => {
  const folder = temporaryFolder();

  test("uses its own CPU time", async () => {
    const bytes = await buildWat({
      imports: `
        (${IMPORT} "set" (func $set (param i32 i32 i32 i32 i32 i64 i32)))
        (${IMPORT} "get" (func $get (param i32 i32 i32)))`,
      fields: `(global $attacks (mut i32) (i32.const 0)) (data (i32.const 1040) "\\01")`,
      // Each time shorter than is allowed where it cannot be suspended.
      realloc: `(local $i i32)
        (if (global.get $attacks) (then
          (loop $more (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20000000))))))
        (i32.const 4096)`,
      query: `
        (call $set (i32.const 512) (i32.const 3) (i32.const 1040) (i32.const 1) (i32.const 0) (i64.const 0) (i32.const 256))
        (global.set $attacks (i32.const 1))
        (loop $again (call $get (i32.const 512) (i32.const 3) (i32.const 256)) (br $again))
        (unreachable)`,
    });
    const path = await folder.write("allocating.wasm", bytes);
    const limits = { cpuMs: 400, timeoutMs: 4_000 };
    const settings = await settingsFor({ allocating: { path, limits, permissions: { cache: true } } });
    await using host = await createHost({ settings, log: recordingLog(), folder: null });
    await assert.rejects(host.plugin("allocating").database.executeQuery("", []), (error) => {
      assert.ok(HostError.is(error, "PLUGIN_CPU_LIMIT"), String(error));
      return true;
    });
  });
});
