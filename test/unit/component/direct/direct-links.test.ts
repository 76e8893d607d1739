import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, suite, test } from "node:test";
import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { type ErrorCode, HostError } from "tusk-host";
import { loadContract } from "../../../../host/component/contract.ts";
import { EXPORTS } from "../../../../host/component/contract/exports.ts";
import { SERVICES, type ServiceInterface } from "../../../../host/component/contract/services.ts";
import { interfaceName } from "../../../../host/component/contract/version.ts";
import { witFunction } from "../../../../host/component/contract/wit-function.ts";
import { type DirectLinks, resolveDirectLinks } from "../../../../host/component/direct/direct-links.ts";
import { inspectComponent } from "../../../../host/component/loader.ts";
import { type ComponentWiring, readWiring } from "../../../../host/wasm/wiring/component-wiring.ts";
import type { WitFunction } from "../../../../host/wasm/wiring/wit-type.ts";
import { buildWat, buildWatAgainst } from "../../../hostile/wat-plugin.ts";
import { wiredOtherwise } from "../../../kit/wired-otherwise.ts";
import { fixture, type FixtureName, skipUnlessBuilt } from "../../../kit/fixtures.ts";

function linksOf(bytes: Uint8Array): DirectLinks {
  return resolveDirectLinks(bytes, "plugin", inspectComponent(bytes, "plugin").shape);
}

const hasCode = (code: ErrorCode) => (error: unknown) => HostError.is(error, code);

suite("a component of everything there is", () => {
  let wiring: ComponentWiring;

  before(async () => {
    const { source } = await loadContract();
    const module = await componentEmbed({ dummy: true, witSource: source, world: "all" });
    wiring = readWiring(await componentNew(module), "all");
  });

  test("exports functions of the types that the tables give them", () => {
    for (const [name, functions] of Object.entries(EXPORTS)) {
      for (const [functionName, contract] of Object.entries(functions)) {
        const lifted = wiring.exports.get(interfaceName(name))?.get(functionName);
        assert.deepEqual(lifted?.type, witFunction(contract), `${name}.${functionName}`);
      }
    }
  });

  test("imports functions of the types that the tables give them, methods included", () => {
    const imported = new Map<string, WitFunction>();
    for (const item of wiring.lowered) {
      if (item.from !== "import") continue;
      imported.set(`${item.imported.interface} ${item.imported.name}`, item.imported.type);
    }
    for (const [name, service] of Object.entries<ServiceInterface>(SERVICES)) {
      for (const [functionName, contract] of Object.entries(service.functions)) {
        assert.deepEqual(imported.get(`${interfaceName(name)} ${functionName}`), witFunction(contract));
      }
      for (const [resource, methods] of Object.entries(service.resources)) {
        for (const [method, contract] of Object.entries(methods)) {
          const found = imported.get(`${interfaceName(name)} [method]${resource}.${method}`);
          assert.deepEqual(found, witFunction(contract, resource), `${resource}.${method}`);
        }
      }
    }
  });
});

const BUILDS: readonly FixtureName[] = ["api", "conformance-as", "conformance-rust", "postgres"];
for (const name of BUILDS) {
  test(`${name} is linked directly`, { skip: skipUnlessBuilt(name) }, async () => {
    const bytes = await readFile(fixture(name));
    const { shape } = inspectComponent(bytes, name);
    const links = linksOf(bytes);
    const functions = shape.exports.flatMap((exported) => Object.keys(EXPORTS[exported] ?? {}));
    assert.equal(links.exports.length, functions.length);
  });
}

const WASI: readonly FixtureName[] = ["conformance-rust-wasip2", "proxy", "wasi-crates", "wasi-std"];
for (const name of WASI) {
  test(`${name}, which imports WASI, is linked directly`, { skip: skipUnlessBuilt(name) }, async () => {
    assert.ok(linksOf(await readFile(fixture(name))));
  });
}

test("what is wired in another way is refused", { skip: skipUnlessBuilt("proxy") }, async () => {
  const otherwise = wiredOtherwise(await readFile(fixture("proxy")));
  assert.throws(() => linksOf(otherwise), hasCode("BINARY_UNSUPPORTED"));
});

test("what is composed of components with code of their own is refused", async () => {
  const within = Buffer.from("04120061736d0d00010001080061736d01000000", "hex");
  const composed = Buffer.concat([await buildWat({}), within]);
  assert.throws(() => linksOf(composed), hasCode("BINARY_UNSUPPORTED"));
});

const LOG = (params: string) =>
  `(import "tusk:plugin/logger@0.1.0" "log" (func $log (param i32 ${params} i32 i32 i32)))`;

test("what declares other types than the contract's is refused", async () => {
  const parts = { imports: LOG("i32 i32") };
  assert.ok(linksOf(await buildWat(parts)));
  for (const [ours, theirs] of [
    ["level: level, message: string", "level: level, message: list<u8>"],
    ["enum level { trace, debug,", "enum level { debug, trace,"],
    ["conflict(string)", "quarrel(string)"],
  ] as const) {
    const other = await buildWatAgainst(parts, ours, theirs);
    assert.throws(() => linksOf(other), hasCode("CONTRACT_TYPES"), theirs);
  }
});

test("bytes that are no component have no links", async () => {
  const bytes = await buildWat({});
  const { shape } = inspectComponent(bytes, "plugin");
  for (const end of [8, 100, bytes.length - 1]) {
    assert.throws(() => resolveDirectLinks(bytes.subarray(0, end), "plugin", shape), HostError);
  }
});
