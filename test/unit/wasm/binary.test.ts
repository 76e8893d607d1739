import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { HostError } from "../../../host/core/error.ts";
import { BinaryReader, BinaryWriter } from "../../../host/wasm/binary.ts";

function read<T>(bytes: readonly number[], how: (reader: BinaryReader) => T): T {
  const reader = new BinaryReader(Uint8Array.from(bytes), "a.wasm");
  const value = how(reader);
  reader.expectEnd("the test's bytes");
  return value;
}

function malformedAt(offset: number): (error: unknown) => boolean {
  return (error) => HostError.is(error, "BINARY_MALFORMED") && error.details.offset === offset;
}

test("numbers are read as they were written", () => {
  fc.assert(
    fc.property(
      fc.nat(0xffff_ffff),
      fc.integer(),
      fc.bigInt(-(1n << 63n), (1n << 63n) - 1n),
      (u32, s32, s64) => {
        const writer = new BinaryWriter(0);
        writer.u32(u32);
        writer.s32(s32);
        writer.s32(s32);
        writer.s64(s64);
        const reader = new BinaryReader(writer.finish(), "a.wasm");
        assert.equal(reader.u32(), u32);
        assert.equal(reader.s32(), s32);
        assert.equal(reader.s33(), s32);
        assert.equal(reader.s64(), s64);
        reader.expectEnd("the numbers");
      },
    ),
  );
});

test("numbers at the edges of their types are read", () => {
  assert.equal(
    read([0xff, 0xff, 0xff, 0xff, 0x0f], (r) => r.u32()),
    0xffff_ffff,
  );
  assert.equal(
    read([0x80, 0x80, 0x80, 0x80, 0x00], (r) => r.u32()),
    0,
  );
  assert.equal(
    read([0x80, 0x80, 0x80, 0x80, 0x78], (r) => r.s32()),
    -0x8000_0000,
  );
  assert.equal(
    read([0xff, 0xff, 0xff, 0xff, 0x0f], (r) => r.s33()),
    0xffff_ffff,
  );
  assert.equal(
    read([0x40], (r) => r.s33()),
    -64,
  );
  assert.equal(
    read([...Array<number>(9).fill(0xff), 0x01], (r) => r.u64()),
    (1n << 64n) - 1n,
  );
  assert.equal(
    read([...Array<number>(9).fill(0x80), 0x7f], (r) => r.s64()),
    -(1n << 63n),
  );
});

test("a number longer than its type is refused at the byte that is too much", () => {
  assert.throws(() => read([0xff, 0xff, 0xff, 0xff, 0x10], (r) => r.u32()), malformedAt(4));
  assert.throws(() => read([0x80, 0x80, 0x80, 0x80, 0x80, 0x00], (r) => r.u32()), malformedAt(4));
  assert.throws(() => read([0xff, 0xff, 0xff, 0xff, 0x4f], (r) => r.s32()), malformedAt(4));
  assert.throws(() => read([0x80, 0x80, 0x80, 0x80, 0x08], (r) => r.s32()), malformedAt(4));
  assert.throws(() => read([0x80, 0x80, 0x80, 0x80, 0x40], (r) => r.s33()), malformedAt(4));
  assert.throws(() => read([...Array<number>(9).fill(0x80), 0x02], (r) => r.u64()), malformedAt(9));
  assert.throws(() => read([...Array<number>(10).fill(0x80), 0x00], (r) => r.s64()), malformedAt(9));
});

test("nothing is read past the end", () => {
  for (const how of [
    (r: BinaryReader) => r.u8(),
    (r: BinaryReader) => r.peek(),
    (r: BinaryReader) => r.u32(),
    (r: BinaryReader) => r.s33(),
    (r: BinaryReader) => r.u64(),
    (r: BinaryReader) => r.name(),
    (r: BinaryReader) => r.skip(1),
  ]) {
    assert.throws(() => read([], how), malformedAt(0));
  }
  assert.throws(() => read([0x80], (r) => r.u32()), malformedAt(1));
  assert.throws(() => read([3, 0x61, 0x62], (r) => r.name()), malformedAt(3));
  assert.throws(() => read([0xff, 0xff, 0xff, 0xff, 0x0f], (r) => r.vector(() => r.u8())), malformedAt(5));
});

test("a range inside is bounded by its own end and counts from the file's start", () => {
  const outer = new BinaryReader(Uint8Array.of(9, 9, 1, 2, 7), "a.wasm", 2);
  const inner = outer.sub(2);
  assert.equal(outer.u8(), 7);
  assert.equal(inner.u8(), 1);
  assert.throws(() => inner.expectEnd("the range"), malformedAt(3));
  assert.equal(inner.u8(), 2);
  assert.throws(() => inner.u8(), malformedAt(4));
});

test("a name that is not UTF-8 is refused where it starts", () => {
  assert.equal(
    read([3, 0xe2, 0x82, 0xac], (r) => r.name()),
    "€",
  );
  assert.throws(() => read([2, 0xc3, 0x28], (r) => r.name()), malformedAt(0));
});

test("a length is filled in after what it measures", () => {
  const writer = new BinaryWriter(1);
  writer.sized(() => {
    writer.name("héllo");
    writer.slice(
      Uint8Array.from({ length: 100 }, (_, i) => i),
      10,
      90,
    );
    writer.slice(Uint8Array.of(1, 2, 3), 1, 2);
  });
  const reader = new BinaryReader(writer.finish(), "a.wasm");
  const inner = reader.sub(reader.u32());
  assert.equal(inner.name(), "héllo");
  assert.deepEqual([...inner.take(2)], [10, 11]);
  inner.skip(78);
  assert.equal(inner.u8(), 2);
  inner.expectEnd("the sized part");
  reader.expectEnd("the whole");
});
