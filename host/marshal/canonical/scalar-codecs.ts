import { AbiViolation } from "./abi-violation.ts";
import type { Codec, CoreType, CoreValue } from "./codec.ts";

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

/** A handle of a resource: given to the plugin as its own, or shown to the host for a call. */
export function handleCodec(resource: string): Codec {
  return {
    sizeBytes: 4,
    align: 4,
    flat: ["i32"],
    load: ({ memory, handles }, at) => handles.at(memory.view.getUint32(at, true), resource),
    lift: ({ handles }, args) => handles.at(Number(args.values[args.next++]) >>> 0, resource),
    store: ({ memory, handles }, at, value) => {
      memory.view.setUint32(at, handles.add(value as Disposable, resource), true);
    },
    lower: ({ handles }, value, into) => void into.push(handles.add(value as Disposable, resource)),
  };
}
