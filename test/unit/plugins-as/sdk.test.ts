// Runs the tests of the AssemblyScript SDK that are written in AssemblyScript.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { packageRoot } from "../../../host/core/package-root.ts";
import { resolveAsProject } from "../../../host/build/as-project.ts";
import { compileAs } from "../../../host/build/compile-as.ts";

const project = await resolveAsProject(join(packageRoot, "plugins-as", "sdk", "test"));
const { outputs } = await compileAs(project, { outFile: "tests.wasm" });
const module = new WebAssembly.Module(outputs.get("tests.wasm") as Uint8Array<ArrayBuffer>);

/** A fresh instance, whose last words are in `said`. */
function instantiate(): { exports: WebAssembly.Exports; said: string[] } {
  const said: string[] = [];
  const log = (_level: number, start: number, length: number) => {
    said.push(new TextDecoder().decode(new Uint8Array(memory.buffer, start, length)));
  };
  const { exports } = new WebAssembly.Instance(module, { "tusk:plugin/logger@0.1.0": { log } });
  const memory = exports["memory"] as WebAssembly.Memory;
  (exports["_initialize"] as () => void)();
  return { exports, said };
}

const decimal = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .tuple(
      fc.stringMatching(/^-?[1-9][0-9]{0,30}$/),
      fc.stringMatching(/^(\.[0-9]{1,30})?$/),
      fc.integer({ min: -340, max: 310 }),
    )
    .map(([whole, fraction, exponent]) => `${whole}${fraction}e${exponent}`),
);

// Ties, and what is next to them; the ends of the range; more digits than count.
const HARD_DECIMALS = [
  "0",
  "-0.0",
  "3.6664165232447556e+42",
  "9007199254740993",
  "9007199254740993.00000000000000000000000000000000001",
  "2.2250738585072011e-308",
  "2.4703282292062327e-324",
  "2.4703282292062328e-324",
  "5e-324",
  "1.7976931348623158e308",
  "1.7976931348623159e308",
  "1e309",
  "1e-400",
  `0.${"0".repeat(400)}1e401`,
  `${"9".repeat(2000)}e-2000`,
  `9007199254740993${"0".repeat(900)}1e-901`,
];

const NOT_TESTS = /^(memory|_initialize|cabi_realloc|__.*|reads_.*)$/;

for (const { name } of WebAssembly.Module.exports(module)) {
  if (NOT_TESTS.test(name)) continue;
  test(name.replaceAll("_", " "), () => {
    const { exports, said } = instantiate();
    const run = exports[name] as () => void;
    if (name.startsWith("traps")) return assert.throws(run, WebAssembly.RuntimeError);
    try {
      run();
    } catch (cause) {
      throw new Error(said.at(-1) ?? "trapped", { cause });
    }
  });
}

test("decimals are read exactly as JavaScript reads them", () => {
  const { exports, said } = instantiate();
  const allocate = exports["cabi_realloc"] as (...args: number[]) => number;
  const readsDecimal = exports["reads_decimal"] as (start: number, length: number) => number;
  const memory = exports["memory"] as WebAssembly.Memory;
  const read = (text: string) => {
    const start = allocate(0, 0, 1, text.length);
    new TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, start));
    return readsDecimal(start, text.length);
  };
  fc.assert(
    fc.property(decimal, (text) => assert.equal(read(text), Number(text), said.at(-1) ?? text)),
    { numRuns: 2000, examples: HARD_DECIMALS.map((text) => [text]) },
  );
});
