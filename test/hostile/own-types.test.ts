import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type AccessLogEntry, createHost, createHttpServer } from "tusk-host";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { buildProxy, type ProxyParts, type Said } from "./wat-proxy.ts";

/** Three letters. */
const ABC: Said = ["i32 i32", "(i32.const 16) (i32.const 3)"];

const HARMLESS: ProxyParts = { saysStatus: ["i32", "(i32.const 201)"], saysContents: ABC, saysValue: ABC };

suite("a standard HTTP component that declares the types of WASI as it likes", () => {
  const folder = temporaryFolder();

  const cases: [what: string, parts: Partial<ProxyParts>, seen: unknown[] | "cut off", code?: string][] = [
    ["is answered by as ever, if they are the right ones", {}, [201, "abc", "abc"]],
    ["says no status by a text", { status: "string", saysStatus: ABC }, [200, "abc", "abc"]],
    [
      "says no status by a tuple",
      { status: "tuple<u8>", saysStatus: ["i32", "(i32.const 1)"] },
      [200, "abc", "abc"],
    ],
    ["has no header whose value is a text", { value: "string" }, [201, null, "abc"]],
    ["has no header whose value is of wider numbers than bytes", { value: "list<u16>" }, [201, null, "abc"]],
    ["writes no text", { contents: "string" }, "cut off", "SERVICE_MISUSED"],
    ["writes nothing that only has a length", { contents: "list<u16>" }, "cut off", "SERVICE_MISUSED"],
  ];
  for (const [i, [what, parts, seen, code]] of cases.entries()) {
    test(what, async () => {
      const file = await folder.write(`own-${i}.wasm`, await buildProxy({ ...HARMLESS, ...parts }));
      await using host = await createHost({ folder: null });
      await host.load(file);
      const log: AccessLogEntry[] = [];
      await using server = await createHttpServer(host, { port: 0, accessLog: (entry) => log.push(entry) });
      const asked = async () => {
        const response = await fetch(server.url);
        return [response.status, response.headers.get("x-own"), await response.text()];
      };
      // The host is there for the next request.
      for (let request = 0; request < 2; request++) {
        if (seen === "cut off") await assert.rejects(asked());
        else assert.deepEqual(await asked(), seen);
        assert.equal(log.at(-1)?.error?.code, code);
      }
    });
  }
});
