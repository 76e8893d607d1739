import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { json, value } from "../../build/instance.ts";
import { ERROR_CASES, MALFORMED, query, tagged, type Start } from "./start.ts";

const I64_MIN = -(2n ** 63n);
const U64_MAX = 2n ** 64n - 1n;

// Integers that JavaScript has as numbers come back as such, larger ones as bigints.
const integer = fc
  .bigInt({ min: I64_MIN, max: U64_MAX })
  .map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n));
const key = fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => text !== "__proto__");

const { anything } = fc.letrec((tie) => ({
  anything: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, true, false),
    integer,
    // JavaScript's encoder makes an integer of -0.
    fc.double({ noNaN: true }).filter((x) => !Object.is(x, -0)),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array(),
    fc.array(tie("anything"), { maxLength: 20 }),
    fc.dictionary(key, tie("anything"), { maxKeys: 20, noNullPrototype: true }),
  ),
}));

export function valueTests(start: Start): void {
  const plugin = start();
  const echo = (params: unknown) => query(plugin, "echo", params);
  const echoBytes = (params: Uint8Array) => plugin.exports.databasePlugin.executeQuery("echo", params);

  test("every JSON value comes back as it went", () => {
    fc.assert(
      fc.property(fc.array(anything), (params) => assert.deepEqual(echo(params), params)),
      { numRuns: 300 },
    );
  });

  test("integers of 64 bits keep every digit", () => {
    const integers = [I64_MIN, I64_MIN + 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, U64_MAX];
    assert.deepEqual(echo(integers), integers);
  });

  test("members keep their order", () => {
    const members = { z: 1, a: 2, "": 3, é: 4, m: { y: 1, x: 2 } };
    assert.equal(JSON.stringify(echo([members])), JSON.stringify([members]));
  });

  test("a moment in time is a string", () => {
    const moments = ["2026-11-22T19:10:54.123Z", "0001-01-01T00:00:00Z"];
    assert.deepEqual(echo(moments), moments);
  });

  test("a value is 128 deep and no deeper", () => {
    assert.deepEqual([...echoBytes(nested(128))], [...nested(128)]);
    assert.throws(() => echoBytes(nested(129)), tagged("invalid-input"));
  });

  test("a megabyte of text, of bytes and of elements comes back", () => {
    const megabyte = 1 << 20;
    const params = [
      "é🦣x".repeat(megabyte / 7),
      new Uint8Array(megabyte).map((_, i) => i),
      Array.from({ length: megabyte / 8 }, (_, i) => i * 1.5),
    ];
    assert.deepEqual(echo(params), params);
  });

  test("what is no JSON is invalid input, and the plugin goes on", () => {
    const duplicate = new Uint8Array([0x91, 0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2]);
    const extension = new Uint8Array([0x91, 0xd4, 1, 0]);
    for (const bytes of [MALFORMED, new Uint8Array(0), duplicate, extension, new Uint8Array([0x90, 0x90])]) {
      assert.throws(() => echoBytes(bytes), tagged("invalid-input"), bytes.toHex());
    }
    assert.deepEqual(echo([1]), [1]);
  });

  test("any cut or changed byte gives a value or invalid input", () => {
    const bytes = json([{ a: [1, "é", new Uint8Array(3), 2n ** 60n, 1.5, { b: null }] }]);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const damaged = cut ? bytes.slice(0, at) : bytes.with(at, byte);
        try {
          value(echoBytes(damaged));
        } catch (error) {
          assert.ok(tagged("invalid-input")(error as object), String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  for (const name of ERROR_CASES) {
    test(`the error ${name} arrives with its text`, () => {
      assert.throws(() => query(plugin, `error:${name}`), { payload: { tag: name, val: `${name} ✗ 🦣` } });
    });
  }

  test("text with lone surrogates arrives with replacement characters", () => {
    assert.throws(() => query(plugin, "no\ud800such"), {
      payload: { tag: "not-found", val: "no such query: no\ufffdsuch" },
    });
  });

  test("an unknown query is not found", () => {
    assert.throws(() => query(plugin, ""), { payload: { tag: "not-found", val: "no such query: " } });
  });
}

/** Null in so many arrays. */
function nested(depth: number): Uint8Array {
  return new Uint8Array([...Array.from({ length: depth }, () => 0x91), 0xc0]);
}
