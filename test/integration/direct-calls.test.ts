import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { createHost, type Host, HostError } from "tusk-host";
import { buildWat, type WatParts } from "../hostile/wat-plugin.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const LOG = `(import "tusk:plugin/logger@0.1.0" "log" (func $log (param i32 i32 i32 i32 i32 i32)))`;
const RANDOM = `(import "tusk:plugin/random@0.1.0" "get-bytes" (func $random (param i32 i32)))`;
const NIL = `(i32.store8 (i32.const 128) (i32.const 0)) (i32.store (i32.const 132) (i32.const 1024))
  (i32.store (i32.const 136) (i32.const 1)) (i32.const 128)`;
const catching = (what: string) => `(block $caught (try_table (catch_all $caught) ${what})) ${NIL}`;

suite("a plugin that passes nonsense to a service", () => {
  const folder = temporaryFolder();
  let host: Host;

  before(async () => {
    host = await createHost();
  });
  after(() => host.shutdown());

  const cases: [what: string, parts: WatParts][] = [
    [
      "an address beyond its memory",
      {
        imports: LOG,
        query: catching(
          `(call $log (i32.const 2) (i32.const 0x7fffff00) (i32.const 9) (i32.const 0) (i32.const 0) (i32.const 0))`,
        ),
      },
    ],
    [
      "a case that there is not",
      {
        imports: LOG,
        query: catching(
          `(call $log (i32.const 99) (i32.const 512) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0))`,
        ),
      },
    ],
    [
      "an address for the result that is beyond its memory",
      { imports: RANDOM, query: catching(`(call $random (i32.const 4) (i32.const 0x7ffffff0))`) },
    ],
    [
      "an address for the result that is not aligned",
      { imports: RANDOM, query: catching(`(call $random (i32.const 4) (i32.const 130))`) },
    ],
  ];
  for (const [i, [what, parts]] of cases.entries()) {
    test(`fails although it catches what it is told: ${what}`, async () => {
      const plugin = await host.load(await folder.write(`catches-${i}.wasm`, await buildWat(parts)));
      await assert.rejects(plugin.database.executeQuery("", []), (error) =>
        HostError.is(error, "PLUGIN_ANSWER_INVALID"),
      );
      assert.equal(plugin.status().traffic?.failures, 1);
    });
  }

  test("is none if what it passes is right: what it asks for is where it wants it", async () => {
    // 0xc4 is `bin`, followed by its length.
    const query = `(call $random (i32.const 4) (i32.const 136))
      (i32.store16 (i32.const 2048) (i32.const 0x04c4))
      (i32.store (i32.const 2050) (i32.load (i32.load (i32.const 136))))
      (i32.store8 (i32.const 128) (i32.const 0)) (i32.store (i32.const 132) (i32.const 2048))
      (i32.store (i32.const 136) (i32.const 6)) (i32.const 128)`;
    const file = await folder.write("random.wasm", await buildWat({ imports: RANDOM, query }));
    const plugin = await host.load(file);
    const answer = await plugin.database.executeQuery("", []);
    assert.ok(answer instanceof Uint8Array && answer.length === 4);
  });
});
