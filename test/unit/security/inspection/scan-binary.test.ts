import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { suite, test } from "node:test";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { FINDING_RULES } from "../../../../host/config/finding-rules.ts";
import { toSarif } from "../../../../host/security/inspection/sarif.ts";
import { scanBinary } from "../../../../host/security/inspection/scan-binary.ts";
import { verifyFindings } from "../../../../host/security/inspection/verify-findings.ts";
import { customSection } from "../../../../host/security/signature/signed-file.ts";
import { signedFixture } from "../../../kit/signed-fixture.ts";

/** The rules that a module in WAT breaks, each once. */
async function rulesOf(wat: string): Promise<string[]> {
  return [...new Set(scanBinary(await parse(`(module ${wat})`), "a").map(({ rule }) => rule))];
}

/** Bytes as WAT writes them. */
function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}

suite("static inspection", () => {
  const all = new Set<string>();

  test("each rule finds what it is about, and nothing else", async () => {
    const large = "i32.const 1 drop ".repeat(50_000);
    const cases: [wat: string, rules: string[]][] = [
      ["(memory 1 2) (table 1 1 funcref)", []],
      ["(memory 1)", ["unlimited-memory"]],
      ["(table 1 funcref)", ["growable-table"]],
      ["(func) (start 0)", ["start-section"]],
      ["(memory 1 1 shared)", ["refused-feature"]],
      [
        "(func (param i32) local.get 0 i32.const 1 memory.atomic.notify drop) (memory 1 1)",
        ["refused-feature"],
      ],
      [`(func ${large})`, ["large-function"]],
      [`(memory 1 1) (data (i32.const 0) "${escaped(randomBytes(8192))}")`, ["high-entropy-data"]],
      [`(memory 1 1) (data (i32.const 0) "at /home/mallory/src/plugin.rs:7")`, ["embedded-path"]],
      [
        `(memory 1 1) (data (i32.const 1) "${escaped(Buffer.from("x/home/mallory/plugin.ts", "utf16le"))}")`,
        ["embedded-path"],
      ],
      [`(@custom "mystery" "x")`, ["unknown-section"]],
      [`(@custom ".debug_info" "x")`, ["debug-info"]],
      [`(import "a" "b" (func))`, ["unused-import"]],
      [`(import "a" "b" (func)) (func call 0)`, []],
      [`(import "a" "b" (func)) (func return_call 0)`, []],
      [`(import "a" "b" (func)) (export "c" (func 0))`, []],
      [`(import "a" "b" (func)) (start 0)`, ["start-section"]],
      [`(import "a" "b" (func)) (table 1 1 funcref) (elem (i32.const 0) 0)`, []],
      [`(import "a" "b" (func)) (elem func 0)`, []],
      [`(import "a" "b" (func)) (elem declare funcref (ref.func 0))`, []],
      [`(import "a" "b" (func)) (global funcref (ref.func 0))`, []],
    ];
    for (const [wat, rules] of cases) {
      assert.deepEqual(await rulesOf(wat), rules, wat.slice(0, 100));
      for (const rule of rules) all.add(rule);
    }
  });

  test("a component says what built it, and exports nothing beyond the contract", () => {
    const found = scanBinary(signedFixture("component.wasm"), "a", ["other:thing/x"]).map(({ rule }) => rule);
    assert.deepEqual(found, ["unknown-section", "no-producers", "foreign-export"]);
    for (const rule of found) all.add(rule);
  });

  test("a core module that is damaged is found inside a component that is not", () => {
    // A code section with a function that ends too late.
    const module = Buffer.from("0061736d01000000010401600000030201000a03010500", "hex");
    const inside = Buffer.concat([Uint8Array.of(1, module.length), module]);
    const component = Buffer.concat([Buffer.from("0061736d0d000100", "hex"), inside]);
    const found = scanBinary(component, "a").filter(({ severity }) => severity === "error");
    assert.deepEqual(
      found.map(({ rule, where }) => [rule, where]),
      [["malformed", "core module 0"]],
    );
    all.add("malformed");
  });

  test("every rule was found by one of these", () => {
    assert.deepEqual(
      FINDING_RULES.filter((rule) => !all.has(rule)),
      [],
    );
  });

  test("many findings of one kind are told of twenty times", () => {
    const customs = Array.from({ length: 50 }, (_, i) => customSection(`mystery${i}`, Uint8Array.of()));
    const module = Buffer.concat([Buffer.from("0061736d01000000", "hex"), ...customs]);
    assert.equal(scanBinary(module, "a").length, 20);
  });

  test("settings say which findings refuse", () => {
    const bytes = signedFixture("component.wasm");
    verifyFindings(bytes, "api", [], { refuse: ["start-section"] });
    assert.throws(
      () => verifyFindings(bytes, "api", ["a:b/c"], { refuse: ["no-producers", "foreign-export"] }),
      {
        code: "FINDING_REFUSED",
        message: /no-producers in "component".*There are 1 more/,
      },
    );
  });

  test("findings are written as SARIF, each with a rule that is described", () => {
    const findings = scanBinary(signedFixture("component.wasm"), "a");
    const { runs } = toSarif([{ file: "a.wasm", findings }], "1.0.0") as {
      runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; level: string }[] }[];
    };
    const described = runs[0]?.tool.driver.rules.map(({ id }) => id);
    assert.deepEqual(described, FINDING_RULES);
    assert.deepEqual(
      runs[0]?.results.map(({ ruleId, level }) => [ruleId, level]),
      [
        ["unknown-section", "note"],
        ["no-producers", "note"],
      ],
    );
  });
});
