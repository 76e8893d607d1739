import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  credentials,
  decision,
  httpRequest,
  httpResponse,
  outgoingRequest,
  user,
} from "../../../../host/component/contract/data.ts";
import { AbiViolation } from "../../../../host/marshal/canonical/abi-violation.ts";
import { codecOf } from "../../../../host/marshal/canonical/codec-of.ts";
import type { CoreValue } from "../../../../host/marshal/canonical/codec.ts";
import { GuestMemory, type Realloc } from "../../../../host/marshal/canonical/guest-memory.ts";
import type { Guest } from "../../../../host/marshal/canonical/guest.ts";
import { HandleTable } from "../../../../host/marshal/canonical/handle-table.ts";
import { Signature } from "../../../../host/marshal/canonical/signature.ts";
import { type Type, witOf } from "../../../../host/marshal/type.ts";
import type { WitType } from "../../../../host/wasm/wiring/wit-type.ts";

const AREA = 16;
const FIRST_FREE = 1_024;

/** A plugin that has nothing but a memory, and gives it out from the bottom; it grows as it must. */
function createGuest(realloc?: Realloc): Guest & { readonly raw: WebAssembly.Memory } {
  const raw = new WebAssembly.Memory({ initial: 1 });
  let next = FIRST_FREE;
  const allocate: Realloc = (_, __, align, sizeBytes) => {
    const at = Math.ceil(next / align) * align;
    next = at + sizeBytes;
    const missing = Math.ceil((next - raw.buffer.byteLength) / 65_536);
    if (missing > 0) raw.grow(missing);
    return at;
  };
  const memory = new GuestMemory(() => ({ memory: raw, realloc: realloc ?? allocate }));
  memory.open();
  return { memory, handles: new HandleTable(), raw };
}

const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(model, { noNullPrototype: true });
const text = fc.string({ unit: "grapheme", maxLength: 60 });
const bytes = fc.uint8Array({ maxLength: 100 });
const field = record({ name: text, value: text });
const fields = fc.array(field, { maxLength: 5 });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const optional = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });
const someone = record({ id: u32, name: text, roles: fc.array(text, { maxLength: 4 }), claims: bytes });
const request = record({
  id: text,
  method: text,
  path: text,
  params: fields,
  query: fields,
  headers: fields,
  body: bytes,
  user: optional(someone),
});
const response = record({ status: fc.integer({ min: 0, max: 65_535 }), headers: fields, body: bytes });
const tagged = (tag: string, val: fc.Arbitrary<unknown>) => record({ tag: fc.constant(tag), val });
const outgoing = record({
  method: text,
  url: text,
  headers: fields,
  body: bytes,
  timeoutMs: optional(u32),
});
const U64: WitType = { kind: "u64" };
const BYTES: WitType = { kind: "list", item: { kind: "u8" } };
const names = (count: number) => Array.from({ length: count }, (_, i) => `f${i}`);
const flagsOf = (count: number): WitType => ({ kind: "flags", names: names(count) });
const flags = (count: number) => record(Object.fromEntries(names(count).map((name) => [name, fc.boolean()])));

/** Types, and values of them as they cross. */
const SAMPLES: readonly [name: string, type: WitType, values: fc.Arbitrary<unknown>][] = [
  ["request", witOf(httpRequest), request],
  ["response", witOf(httpResponse), response],
  ["decision", witOf(decision), fc.oneof(tagged("next", request), tagged("respond", response))],
  ["user", witOf(user), someone],
  ["outgoing-request", witOf(outgoingRequest), outgoing],
  [
    "credentials",
    witOf(credentials),
    fc.oneof(tagged("password", record({ username: text, password: text })), tagged("token", text)),
  ],
  ["enum", { kind: "enum", names: ["a", "b", "c"] }, fc.constantFrom("a", "b", "c")],
  ["option<u64>", { kind: "option", some: U64 }, optional(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))],
  [
    "result<u64, string>",
    { kind: "result", ok: U64, err: { kind: "string" } },
    fc.oneof(tagged("ok", fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), tagged("err", text)),
  ],
  ["list<bool>", { kind: "list", item: { kind: "bool" } }, fc.array(fc.boolean())],
  [
    "list<tuple<string, list<u8>>>",
    { kind: "list", item: { kind: "tuple", items: [{ kind: "string" }, BYTES] } },
    fc.array(fc.tuple(text, bytes), { maxLength: 5 }),
  ],
  ["flags", flagsOf(6), flags(6)],
  ["12 flags", flagsOf(12), flags(12)],
  ["32 flags", flagsOf(32), flags(32)],
];

for (const [name, type, values] of SAMPLES) {
  test(`any ${name} crosses by memory and as core values, and is the same on the other side`, () => {
    const codec = codecOf(type);
    fc.assert(
      fc.property(values, (value) => {
        const guest = createGuest();
        codec.store(guest, AREA, value);
        assert.deepEqual(codec.load(guest, AREA), value);
        const flat: CoreValue[] = [];
        codec.lower(guest, value, flat);
        assert.deepEqual(
          flat.map((core) => (typeof core === "bigint" ? "i64" : "i32")),
          codec.flat,
        );
        // WebAssembly hands integers of 32 bits over as signed ones.
        const handed = flat.map((core) => (typeof core === "number" ? core | 0 : BigInt.asIntN(64, core)));
        assert.deepEqual(codec.lift(guest, { values: handed, next: 0 }), value);
      }),
      { numRuns: 60 },
    );
  });
}

test("what is handed over is the plugin's no more, and what is shown stays its own", () => {
  const guest = createGuest();
  const held = { name: "fields" };
  const [own, borrow] = (["own", "borrow"] as const).map((kind) => codecOf({ kind, resource: "fields" }));
  own?.store(guest, AREA, held);
  assert.equal(borrow?.load(guest, AREA), held);
  assert.equal(own?.load(guest, AREA), held);
  assert.throws(() => borrow?.load(guest, AREA), AbiViolation);
  assert.throws(() => own?.load(guest, AREA), AbiViolation);
});

test("flags that are not set may be left out, and bits of none are not seen", () => {
  const guest = createGuest();
  const codec = codecOf(flagsOf(3));
  codec.store(guest, AREA, { f1: true });
  assert.deepEqual(codec.load(guest, AREA), { f0: false, f1: true, f2: false });
  assert.deepEqual(codec.lift(guest, { values: [-8], next: 0 }), { f0: false, f1: false, f2: false });
});

test("values lie where compilers expect them", () => {
  const layout = (type: Type<unknown>) => {
    const { sizeBytes, align, flat } = codecOf(witOf(type));
    return [sizeBytes, align, flat.length];
  };
  assert.deepEqual(layout(httpRequest), [88, 4, 22]);
  assert.deepEqual(layout(httpResponse), [20, 4, 5]);
  assert.deepEqual(layout(user), [28, 4, 7]);
  assert.deepEqual(layout(decision), [92, 4, 23]);
  const guest = createGuest();
  codecOf(witOf(httpResponse)).store(guest, AREA, { status: 404, headers: [], body: Buffer.from("ab") });
  const view = new DataView(guest.raw.buffer);
  assert.equal(view.getUint16(AREA, true), 404);
  assert.deepEqual([view.getUint32(AREA + 4, true), view.getUint32(AREA + 8, true)], [4, 0]);
  assert.deepEqual([view.getUint32(AREA + 12, true), view.getUint32(AREA + 16, true)], [FIRST_FREE, 2]);
});

test("a lone surrogate goes in as U+FFFD, and bytes that are no UTF-8 come out as it", () => {
  const guest = createGuest();
  const codec = codecOf({ kind: "string" });
  codec.store(guest, AREA, "a\ud800b");
  assert.equal(codec.load(guest, AREA), "a\ufffdb");
  guest.memory.bytes.set([0xff, 0x41], 512);
  assert.equal(codec.lift(guest, { values: [512, 2], next: 0 }), "\ufffdA");
});

suite("a plugin that does not keep to the ABI", () => {
  const STRING: WitType = { kind: "string" };
  const RECORDS: WitType = { kind: "list", item: { kind: "record", fields: [["n", { kind: "u32" }]] } };
  const lifts: [what: string, type: WitType, values: readonly CoreValue[]][] = [
    ["a text that begins beyond its memory", STRING, [70_000, 1]],
    ["a text that ends beyond its memory", STRING, [65_530, 7]],
    ["a text at a negative address", STRING, [-4, 2]],
    ["a text of four thousand million bytes", STRING, [0, -1]],
    ["a list of four thousand million items", RECORDS, [0, -1]],
    ["a list that is not aligned", RECORDS, [514, 1]],
    ["a truth value that is neither", { kind: "bool" }, [2]],
    ["a case that there is not", { kind: "enum", names: ["a", "b"] }, [2]],
    ["a negative case", { kind: "enum", names: ["a", "b"] }, [-1]],
    ["an option that is neither", { kind: "option", some: STRING }, [7, 0, 0]],
    ["a handle that it was not given", { kind: "borrow", resource: "connection" }, [1]],
    ["the handle 0", { kind: "borrow", resource: "connection" }, [0]],
  ];
  for (const [what, type, values] of lifts) {
    test(`and passes ${what} is caught`, () => {
      assert.throws(() => codecOf(type).lift(createGuest(), { values, next: 0 }), AbiViolation);
    });
  }

  for (const at of [-4, 65_536 - 8, 514, 2 ** 30]) {
    test(`and answers at ${at} is caught`, () => {
      const signature = new Signature({ params: [], result: witOf(httpResponse) });
      assert.throws(() => signature.liftResult(createGuest(), at), AbiViolation);
      const stores = () => signature.lowerResult(createGuest(), { status: 1, headers: [], body: [] }, [at]);
      assert.throws(stores, AbiViolation);
    });
  }

  test("and allocates beyond its memory, or out of line, is caught", () => {
    for (const at of [65_536, -16, 0x7fff_fff0, 65_535]) {
      const guest = createGuest(() => at);
      const codec = codecOf({ kind: "list", item: { kind: "u32" } });
      assert.throws(() => codec.store(guest, AREA, [1]), AbiViolation);
    }
  });

  test("and lets a thousand texts lie in the same place says more than its memory holds", () => {
    const guest = createGuest();
    const pieces = 1_000;
    for (let i = 0; i < pieces; i++) {
      guest.memory.view.setUint32(8 * i, 0, true);
      guest.memory.view.setUint32(8 * i + 4, 65_536, true);
    }
    const lift = () => codecOf({ kind: "list", item: STRING }).lift(guest, { values: [0, pieces], next: 0 });
    assert.throws(lift, /more than its memory/);
  });

  test("and passes a list whose items take more here than there says more than its memory holds", () => {
    const guest = createGuest();
    guest.raw.grow(15);
    guest.memory.open();
    const lift = (length: number) =>
      codecOf({ kind: "list", item: BYTES }).lift(guest, { values: [0, length], next: 0 }) as unknown[];
    assert.equal(lift(10_000).length, 10_000);
    assert.throws(() => lift(2 ** 17), /more than its memory/);
  });

  test("and keeps more handles than it may is caught, and may have as many again once they are dropped", () => {
    const { handles } = createGuest();
    const fill = () => Array.from({ length: 2_000 }, () => handles.add({}, "error"));
    for (let round = 0; round < 2; round++) {
      const held = fill();
      assert.throws(() => handles.add({}, "error"), AbiViolation);
      for (const handle of held) handles.drop(handle, "error");
    }
  });

  test("and uses a handle of another resource, or one that it dropped, is caught", () => {
    const { handles } = createGuest();
    let dropped = 0;
    const held = { [Symbol.dispose]: () => void dropped++ };
    const handle = handles.add(held, "connection");
    assert.equal(handles.at(handle, "connection"), held);
    assert.throws(() => handles.at(handle, "transaction"), AbiViolation);
    handles.drop(handle, "connection");
    assert.equal(dropped, 1);
    assert.throws(() => handles.drop(handle, "connection"), AbiViolation);
    assert.equal(handles.add(held, "transaction"), handle);
  });
});

test("parameters that are more than sixteen core values are passed in memory", () => {
  const guest = createGuest();
  const type = witOf(httpRequest);
  const signature = new Signature({ params: [type, { kind: "bool" }], result: undefined });
  const nothing = { params: [], query: [], headers: [], user: undefined };
  const sent = { ...nothing, id: "i", method: "GET", path: "/", body: Buffer.from("b") };
  const values = signature.lowerParams(guest, [sent, true]);
  assert.equal(values.length, 1);
  assert.deepEqual(signature.liftParams(guest, values), [{ ...sent, body: new Uint8Array([98]) }, true]);
});

test("a memory that grows while something is written is written to in its new place", () => {
  const guest = createGuest();
  const codec = codecOf({ kind: "list", item: { kind: "string" } });
  const long = "é".repeat(40_000);
  const texts = Array.from({ length: 10 }, (_, i) => `${i}${long}`);
  codec.store(guest, AREA, texts);
  assert.ok(guest.raw.buffer.byteLength > 8 * 65_536);
  guest.memory.open();
  assert.deepEqual(codec.load(guest, AREA), texts);
});
