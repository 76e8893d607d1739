import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HostError } from "../../../host/core/error.ts";
import { decodeJson, encodeJson, MAX_JSON_DEPTH } from "../../../host/marshal/json.ts";

const roundTrip = (value: unknown) => decodeJson(encodeJson(value));

test("JSON survives the way there and back", () => {
  const value = {
    nothing: null,
    yes: true,
    text: "emoji 🦣 and \u0000",
    floats: [0.1, -1.5e300, 5e-324],
    integers: [0, -1, 2 ** 53 - 1, -(2 ** 53) + 1],
    big: [2n ** 64n - 1n, -(2n ** 63n)],
    bytes: new Uint8Array([0, 255]),
    empty: [{}, [], ""],
  };
  assert.deepEqual(roundTrip(value), { ...value, bytes: Buffer.from([0, 255]) });
});

test("any JSON value survives, as far as JSON.stringify would let it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      if (JSON.stringify(value).includes('"__proto__"')) return;
      assert.deepEqual(roundTrip(value), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("a date is its RFC 3339 string, an undefined member is left out, a lone surrogate is replaced", () => {
  const value = {
    at: new Date(0),
    gone: undefined,
    list: [undefined],
    "a\ud800": "b\udfff",
    nested: { gone: undefined },
  };
  assert.deepEqual(roundTrip(value), {
    at: "1970-01-01T00:00:00.000Z",
    list: [null],
    "a\ufffd": "b\ufffd",
    nested: {},
  });
});

test("an integer is written as one, however large", () => {
  for (const [integer, tag] of [
    [2 ** 40, 0xd3],
    [-(2 ** 40), 0xd3],
    [2 ** 31, 0xce],
    [1.5, 0xcb],
  ]) {
    assert.equal(encodeJson(integer)[0], tag);
  }
});

test("the caller's object is left as it was", () => {
  const value = Object.freeze({ at: new Date(0), gone: undefined });
  encodeJson(value);
  assert.deepEqual(Object.keys(value), ["at", "gone"]);
});

test("what has no JSON form is refused, with its place", () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  for (const [value, path] of [
    [{ a: [1, Number.NaN] }, "the value.a[1]"],
    [[Infinity], "the value[0]"],
    [{ f: () => 1 }, "the value.f"],
    [2n ** 64n, "the value"],
    [new Map([[1, 2]]), "the value"],
  ] as const) {
    assert.throws(
      () => encodeJson(value),
      (error) => HostError.is(error, "VALUE_INVALID") && error.details.path === path,
    );
  }
  assert.throws(
    () => encodeJson(circular),
    (error) => HostError.is(error, "VALUE_INVALID"),
  );
});

test("MessagePack that is no JSON value is refused before anything is built", () => {
  const nested = Buffer.concat([Buffer.alloc(MAX_JSON_DEPTH + 1, 0x91), Buffer.from([0xc0])]);
  const cases: [string, readonly number[] | Uint8Array][] = [
    ["nothing", []],
    ["an array that claims 2³²−1 elements", [0xdd, 255, 255, 255, 255]],
    ["a map that claims 2³²−1 members", [0xdf, 255, 255, 255, 255]],
    ["a string that ends early", [0xd9, 5, 65]],
    ["bytes that end early", [0xc6, 255, 255, 255, 255, 1]],
    ["nesting too deep", nested],
    [
      "a million values and one",
      Buffer.from(Buffer.alloc(1_000_005, 0xc0)).fill(Buffer.from("dd000f4240", "hex"), 0, 5),
    ],
    ["two values", [0xc0, 0xc0]],
    ["an extension", [0xd4, 1, 1]],
    ["a timestamp", [0xd6, 0xff, 0, 0, 0, 0]],
    ["the tag that is never used", [0xc1]],
    ["NaN", [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]],
    ["infinity", [0xca, 0x7f, 0x80, 0, 0]],
    ["a number as key", [0x81, 1, 1]],
    ["a key that stands twice", [0x82, 0xa1, 97, 1, 0xd9, 1, 97, 2]],
    ["__proto__", [0x81, 0xa9, ...Buffer.from("__proto__"), 0x80]],
  ];
  for (const [what, bytes] of cases) {
    assert.throws(
      () => decodeJson(Uint8Array.from(bytes)),
      (error) => HostError.is(error, "JSON_MALFORMED"),
      what,
    );
  }
});

test("any bytes are a JSON value or refused, and never anything else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        encodeJson(decodeJson(bytes));
      } catch (error) {
        assert.ok(HostError.is(error, "JSON_MALFORMED"), String(error));
      }
    }),
    { numRuns: 5000 },
  );
});

test("a decoded map cannot reach a prototype", () => {
  const decoded = decodeJson(Uint8Array.from([0x81, 0xab, ...Buffer.from("constructor"), 1]));
  assert.deepEqual(Object.entries(decoded as object), [["constructor", 1]]);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});
