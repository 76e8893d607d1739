import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createHost, HostError } from "tusk-host";
import { buildWat } from "../../hostile/wat-plugin.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

suite("what a plugin says of itself", () => {
  const folder = temporaryFolder();

  /** At 20 and 28 stand the lengths of name and version; 512 is where the name begins. */
  const unfit: Readonly<Record<string, string>> = {
    "its name is longer than 100 characters": "(i32.store (i32.const 20) (i32.const 101))",
    "its version is longer than 100 characters": "(i32.store (i32.const 28) (i32.const 60000))",
    "its description is longer than 2000 characters": "(i32.store (i32.const 36) (i32.const 60000))",
    "its name holds control characters": "(i32.store8 (i32.const 512) (i32.const 27))",
  };

  for (const [i, [reason, info]] of Object.entries(unfit).entries()) {
    test(`is refused if ${reason}`, async () => {
      const file = await folder.write(`unfit-${i}.wasm`, await buildWat({ info: `${info} (i32.const 16)` }));
      await using host = await createHost();
      await assert.rejects(host.load(file), (error) => {
        assert.ok(HostError.is(error, "PLUGIN_ANSWER_INVALID"), String(error));
        assert.equal(error.details.reason, reason);
        return true;
      });
    });
  }
});
