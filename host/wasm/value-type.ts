import type { BinaryReader, BinaryWriter } from "./binary.ts";

/** The types of values that this host runs, by their byte. */
const PLAIN_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
  [0x70, "funcref"],
  [0x6f, "externref"],
  [0x69, "exnref"],
]);

/** The types that a reference may point to, by the byte that is also their short form. */
const HEAP_TYPES: ReadonlyMap<number, string> = new Map([
  [0x70, "func"],
  [0x6f, "extern"],
  [0x69, "exn"],
]);

const REFUSED_TYPES: ReadonlyMap<number, string> = new Map([
  [0x68, "continuations (stack switching)"],
  [0x75, "continuations (stack switching)"],
  [0x6a, "arrays (garbage collection)"],
  [0x6b, "structs (garbage collection)"],
  [0x6c, "i31 references (garbage collection)"],
  [0x6d, "eq references (garbage collection)"],
  [0x6e, "any references (garbage collection)"],
  [0x71, "none references (garbage collection)"],
  [0x72, "noextern references (garbage collection)"],
  [0x73, "nofunc references (garbage collection)"],
  [0x74, "noexn references (garbage collection)"],
]);

const REF = 0x64;
const REF_NULL = 0x63;
const EMPTY_BLOCK = 0x40;

/**
 * A value type of a core module: one byte, or a byte and a heap type for a typed reference.
 *
 * @see https://webassembly.github.io/spec/core/binary/types.html
 */
export interface ValueType {
  readonly code: number;
  /** What a typed reference points to: a type index, or a negative number for an abstract heap type. */
  readonly heap?: number;
}

/** The value types that the rewrite writes. */
export const VALUE_TYPE = { i32: 0x7f, i64: 0x7e, funcref: 0x70 } as const;

// Made once: modules have many thousands of these.
const plain: ReadonlyMap<number, ValueType> = new Map(
  [...PLAIN_TYPES.keys()].map((code) => [code, { code }]),
);

/**
 * Reads a value type. `typeCount` is how many function types there are for a typed reference to name.
 *
 * @throws HostError BINARY_UNSUPPORTED when it belongs to a proposal that this host does not run
 * @throws HostError BINARY_MALFORMED when it names a function type that there is not
 */
export function readValueType(reader: BinaryReader, typeCount: number): ValueType {
  const start = reader.offset;
  const code = reader.u8();
  const type = plain.get(code);
  if (type) return type;
  if (code === REF || code === REF_NULL) return { code, heap: readHeapType(reader, typeCount) };
  return refuseType(reader, code, start);
}

/** Reads a type that must be a reference. */
export function readReferenceType(reader: BinaryReader, typeCount: number): ValueType {
  const start = reader.offset;
  const type = readValueType(reader, typeCount);
  if (type.heap === undefined && !HEAP_TYPES.has(type.code)) reader.fail("expected a reference type", start);
  return type;
}

/** Reads what a reference points to: a type index, or a negative number for `func`, `extern` or `exn`. */
export function readHeapType(reader: BinaryReader, typeCount: number): number {
  const start = reader.offset;
  const heap = reader.s33();
  if (heap < 0 && !HEAP_TYPES.has(heap & 0x7f)) refuseType(reader, heap & 0x7f, start);
  if (heap >= typeCount) reader.fail(`there is no type ${heap}`, start);
  return heap;
}

/** Reads the type of a block, a loop or a try: nothing, one value type, or the index of a function type. */
export function skipBlockType(reader: BinaryReader, typeCount: number): void {
  const start = reader.offset;
  const first = reader.peek();
  if (first === EMPTY_BLOCK || PLAIN_TYPES.has(first)) {
    reader.offset++;
  } else if (first === REF || first === REF_NULL) {
    readValueType(reader, typeCount);
  } else {
    const index = reader.s33();
    if (index < 0) refuseType(reader, first, start);
    if (index >= typeCount) reader.fail(`there is no type ${index}`, start);
  }
}

export function writeValueType(writer: BinaryWriter, type: ValueType): void {
  writer.u8(type.code);
  if (type.heap !== undefined) writer.s32(type.heap);
}

/** The type as it is written in the text format. */
export function valueTypeName(type: ValueType): string {
  if (type.heap === undefined) return PLAIN_TYPES.get(type.code) ?? `type ${type.code}`;
  const target = type.heap < 0 ? HEAP_TYPES.get(type.heap & 0x7f) : type.heap;
  return type.code === REF ? `(ref ${target})` : `(ref null ${target})`;
}

function refuseType(reader: BinaryReader, code: number, offset: number): never {
  const feature = REFUSED_TYPES.get(code) ?? `a value of the unknown type 0x${code.toString(16)}`;
  return reader.refuse(feature, offset);
}
