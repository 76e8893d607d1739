import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createHost, HostError } from "tusk-host";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { buildProxy, type ProxyTypes } from "./wat-proxy.ts";

suite("a standard HTTP component that declares the types of WASI as it likes", () => {
  const folder = temporaryFolder();

  // Lifted as it is declared, a list of lists whose items all lie in one place would be gigabytes here.
  const cases: [what: string, types: ProxyTypes, name: string][] = [
    ["a status that is a text", { status: "string" }, "[method]outgoing-response.set-status-code"],
    ["a status that is a tuple", { status: "tuple<u16>" }, "[method]outgoing-response.set-status-code"],
    ["a body that is a text", { contents: "string" }, "[method]output-stream.write"],
    ["a body of lists", { contents: "list<list<u8>>" }, "[method]output-stream.write"],
    ["a header whose value is a text", { value: "string" }, "[method]fields.append"],
    ["a header of lists", { value: "list<list<u8>>" }, "[method]fields.append"],
  ];
  for (const [i, [what, types, name]] of cases.entries()) {
    test(`is refused: ${what}`, async () => {
      const file = await folder.write(`own-${i}.wasm`, await buildProxy(types));
      await using host = await createHost({ folder: null });
      await assert.rejects(host.load(file), (error) => {
        assert.ok(HostError.is(error, "CONTRACT_TYPES"), String(error));
        assert.equal(error.details.name, name);
        return true;
      });
    });
  }

  test("is taken with those of WASI", async () => {
    const file = await folder.write("good.wasm", await buildProxy({}));
    await using host = await createHost({ folder: null });
    assert.ok((await host.load(file)).status().streams);
  });
});
