import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { type AccessLogEntry, createHost, createHttpServer } from "tusk-host";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const WIT = `
package wasi:http@0.2.8;
interface types { resource incoming-request {} resource response-outparam {} }
interface incoming-handler {
  use types.{incoming-request, response-outparam};
  handle: func(request: incoming-request, response-out: response-outparam);
}
world proxy { import types; export incoming-handler; }`;

/** A standard HTTP component that catches whatever it is told. */
async function buildHandler(handle: string): Promise<Uint8Array> {
  const drop = (resource: string) =>
    `(import "wasi:http/types@0.2.8" "[resource-drop]${resource}" (func $drop-${resource} (param i32)))`;
  const binary = await parse(`(module
    ${drop("incoming-request")} ${drop("response-outparam")}
    (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "wasi:http/incoming-handler@0.2.8#handle") (param $request i32) (param $answer i32)
      (block $caught (try_table (catch_all $caught) ${handle}))))`);
  return componentNew(await componentEmbed({ binary, witSource: WIT, world: "proxy" }));
}

suite("a standard HTTP component that uses handles as it likes", () => {
  const folder = temporaryFolder();

  const cases: [what: string, handle: string, told: RegExp][] = [
    ["drops one that it was not given", "(call $drop-incoming-request (i32.const 77))", /77 is no handle/],
    [
      "drops one twice",
      "(call $drop-incoming-request (local.get $request)) (call $drop-incoming-request (local.get $request))",
      /is no handle of a incoming-request/,
    ],
    [
      "drops one as if it were of another resource",
      "(call $drop-response-outparam (local.get $request))",
      /is no handle of a response-outparam/,
    ],
  ];
  for (const [i, [what, handle, told]] of cases.entries()) {
    test(`${what} is ended, though it catches what it is told`, async () => {
      const file = await folder.write(`handles-${i}.wasm`, await buildHandler(handle));
      await using host = await createHost({ folder: null });
      await host.load(file);
      const log: AccessLogEntry[] = [];
      await using server = await createHttpServer(host, { port: 0, accessLog: (entry) => log.push(entry) });
      assert.equal((await fetch(server.url)).status, 502);
      assert.equal(log[0]?.error?.code, "PLUGIN_ANSWER_INVALID");
      assert.match(log[0]?.error?.message ?? "", told);
    });
  }
});
