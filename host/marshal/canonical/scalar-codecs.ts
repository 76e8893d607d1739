import { AbiViolation } from "./abi-violation.ts";
import type { Codec, CoreType, CoreValue } from "./codec.ts";
import type { Guest } from "./guest.ts";

/** A type that is one core value. */
function scalar(
  sizeBytes: number,
  flat: CoreType,
  {
    load,
    store,
    lift,
    lower,
  }: Pick<Codec, "load" | "store"> & {
    lift: (value: CoreValue) => unknown;
    lower: (value: unknown) => CoreValue;
  },
): Codec {
  return {
    sizeBytes,
    align: sizeBytes,
    flat: [flat],
    load,
    store,
    lift: (_, args) => lift(args.values[args.next++] as CoreValue),
    lower: (_, value, into) => void into.push(lower(value)),
  };
}

/** The codecs of numbers and truth values. */
export const SCALARS = {
  bool: scalar(1, "i32", {
    load: ({ memory }, at) => truth(memory.view.getUint8(at)),
    store: ({ memory }, at, value) => memory.view.setUint8(at, Number(value)),
    lift: truth,
    lower: Number,
  }),
  u8: scalar(1, "i32", {
    load: ({ memory }, at) => memory.view.getUint8(at),
    store: ({ memory }, at, value) => memory.view.setUint8(at, value as number),
    lift: (value) => Number(value) & 0xff,
    lower: Number,
  }),
  u16: scalar(2, "i32", {
    load: ({ memory }, at) => memory.view.getUint16(at, true),
    store: ({ memory }, at, value) => memory.view.setUint16(at, value as number, true),
    lift: (value) => Number(value) & 0xffff,
    lower: Number,
  }),
  u32: scalar(4, "i32", {
    load: ({ memory }, at) => memory.view.getUint32(at, true),
    store: ({ memory }, at, value) => memory.view.setUint32(at, value as number, true),
    lift: (value) => Number(value) >>> 0,
    lower: Number,
  }),
  u64: scalar(8, "i64", {
    load: ({ memory }, at) => memory.view.getBigUint64(at, true),
    store: ({ memory }, at, value) => memory.view.setBigUint64(at, value as bigint, true),
    lift: (value) => BigInt.asUintN(64, BigInt(value)),
    lower: (value) => value as bigint,
  }),
} as const;

function truth(value: CoreValue): boolean {
  if (value === 0) return false;
  if (value === 1) return true;
  throw new AbiViolation(`${value} is neither true nor false`);
}

/**
 * A handle of a resource. The plugin is given what is its own from then on; the host is shown what a handle stands
 * for, and where it is to be the host's own, the plugin has it no more.
 */
export function handleCodec(kind: "own" | "borrow", resource: string): Codec {
  const lift = ({ handles }: Guest, handle: number): unknown =>
    kind === "own" ? handles.take(handle, resource) : handles.at(handle, resource);
  return {
    sizeBytes: 4,
    align: 4,
    flat: ["i32"],
    load: (guest, at) => lift(guest, guest.memory.view.getUint32(at, true)),
    lift: (guest, args) => lift(guest, Number(args.values[args.next++]) >>> 0),
    store: ({ memory, handles }, at, value) => memory.view.setUint32(at, handles.add(value, resource), true),
    lower: ({ handles }, value, into) => void into.push(handles.add(value, resource)),
  };
}

/** Flags, which are an object here that has those that are set as true. @param names 32 at most. */
export function flagsCodec(names: readonly string[]): Codec {
  const { u8, u16, u32 } = SCALARS;
  const { load, store, lift, lower, ...layout } = names.length <= 8 ? u8 : names.length <= 16 ? u16 : u32;
  const named = (bits: unknown): Record<string, boolean> =>
    Object.fromEntries(names.map((name, i) => [name, ((Number(bits) >>> i) & 1) === 1]));
  const bitsOf = (value: unknown): number => {
    const set = value as Record<string, boolean | undefined>;
    return names.reduce((bits, name, i) => (set[name] === true ? bits | (1 << i) : bits), 0) >>> 0;
  };
  return {
    ...layout,
    load: (guest, at) => named(load(guest, at)),
    store: (guest, at, value) => store(guest, at, bitsOf(value)),
    lift: (guest, args) => named(lift(guest, args)),
    lower: (guest, value, into) => lower(guest, bitsOf(value), into),
  };
}
