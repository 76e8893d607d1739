// Runs the tests of the AssemblyScript SDK that are written in AssemblyScript.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { packageRoot } from "../../../host/core/package-root.ts";
import { resolveAsProject } from "../../../host/build/as-project.ts";
import { compileAs } from "../../../host/build/compile-as.ts";
import { decodeJson, encodeJson } from "../../../host/marshal/json.ts";
import { mutateBinary } from "../../kit/mutate-binary.ts";
import { randomFrom } from "../wasm/random.ts";

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

/** Has a function read bytes. */
function reader({ exports }: { exports: WebAssembly.Exports }, name: string): (bytes: Uint8Array) => number {
  const allocate = exports["cabi_realloc"] as (...args: number[]) => number;
  const read = exports[name] as (start: number, length: number) => number;
  const memory = exports["memory"] as WebAssembly.Memory;
  return (bytes) => {
    const start = allocate(0, 0, 1, bytes.length);
    new Uint8Array(memory.buffer).set(bytes, start);
    return read(start, bytes.length);
  };
}

test("decimals are read exactly as JavaScript reads them", () => {
  const instance = instantiate();
  const { said } = instance;
  const readsDecimal = reader(instance, "reads_decimal");
  const read = (text: string) => readsDecimal(new TextEncoder().encode(text));
  fc.assert(
    fc.property(decimal, (text) => assert.equal(read(text), Number(text), said.at(-1) ?? text)),
    { numRuns: 2000, examples: HARD_DECIMALS.map((text) => [text]) },
  );
});

const number = (min: bigint, max: bigint) =>
  fc.bigInt({ min, max }).map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
// The host takes no such key, whoever sends it.
const isTaken = (value: unknown) => !JSON.stringify(value).includes("__proto__");
const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter(isTaken);
/** What `Sample` in `typed.ts` is. */
function sampleOf(depth: number): fc.Arbitrary<object> {
  const length = depth === 0 ? 0 : 2;
  const inner = depth === 0 ? fc.constant({}) : sampleOf(depth - 1);
  return fc.record({
    flag: fc.boolean(),
    small: fc.integer({ min: -128, max: 127 }),
    large: number(0n, 2n ** 64n - 1n),
    float: fc.double({ noNaN: true, noDefaultInfinity: true }),
    single: fc.float({ noNaN: true, noDefaultInfinity: true }),
    text,
    nothing: fc.option(text),
    bytes: fc.uint8Array({ maxLength: 300 }),
    numbers: fc.array(fc.integer(), { maxLength: 40 }),
    color: fc.constantFrom("Red", "DarkGreen"),
    value: fc.jsonValue({ maxDepth: 3 }).filter(isTaken),
    children: fc.dictionary(text, inner, { maxKeys: length }),
    more: fc.array(inner, { maxLength: length }),
  });
}

const sample = sampleOf(2);

/** Reads a sample and writes it again; the reason, where that was refused. */
function samples(): (bytes: Uint8Array) => Uint8Array | string {
  const instance = instantiate();
  const read = reader(instance, "reads_sample");
  const answerAt = instance.exports["reads_answer"] as () => number;
  const memory = instance.exports["memory"] as WebAssembly.Memory;
  return (bytes) => {
    const length = read(bytes);
    const answer = new Uint8Array(memory.buffer).slice(answerAt(), answerAt() + Math.abs(length));
    return length > 0 ? answer : new TextDecoder().decode(answer);
  };
}

test("whatever the host sends comes back the same through a class", () => {
  const read = samples();
  fc.assert(
    fc.property(sample, (value) => {
      const bytes = encodeJson(value);
      const answer = read(bytes);
      assert.ok(typeof answer !== "string", String(answer));
      assert.deepEqual(decodeJson(answer), decodeJson(bytes));
    }),
    { numRuns: 500 },
  );
});

test("whatever bytes a class is read from, there is a reason or an object", () => {
  const read = samples();
  let refused = 0;
  fc.assert(
    fc.property(sample, fc.nat(), (value, seed) => {
      const random = randomFrom(seed);
      const bytes = encodeJson(value);
      for (let i = 0; i < 10; i++) {
        const answer = read(mutateBinary(bytes, random));
        if (typeof answer === "string") refused++;
        else decodeJson(answer);
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(refused > 1000, `${refused} of 5000 are refused`);
});
