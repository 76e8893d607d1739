import { AbiViolation } from "./abi-violation.ts";
import { alignedTo, type Codec, type CoreArgs, type CoreType, type CoreValue } from "./codec.ts";
import type { Guest } from "./guest.ts";

/** What becomes of a case and its payload on this side. */
type Name = (index: number, payload: unknown) => unknown;

/** How one of several cases crosses, each with a payload or none: variants, results, options, enums. */
export interface CaseCodec extends Pick<Codec, "sizeBytes" | "align" | "flat"> {
  readonly load: (guest: Guest, at: number, name: Name) => unknown;
  readonly store: (guest: Guest, at: number, index: number, payload: unknown) => void;
  readonly lift: (guest: Guest, args: CoreArgs, name: Name) => unknown;
  readonly lower: (guest: Guest, index: number, payload: unknown, into: CoreValue[]) => void;
}

/** @param payloads Undefined for a case that has none; 256 cases at most. */
export function caseCodec(payloads: readonly (Codec | undefined)[]): CaseCodec {
  const present = payloads.filter((payload) => payload !== undefined);
  const align = Math.max(1, ...present.map((payload) => payload.align));
  const offset = alignedTo(1, align);
  const flat: readonly CoreType[] = ["i32", ...joined(present.map((payload) => payload.flat))];
  const verify = (index: number): number => {
    if (index < payloads.length) return index;
    throw new AbiViolation(`there is no case ${index}`);
  };
  return {
    sizeBytes: alignedTo(offset + Math.max(0, ...present.map((payload) => payload.sizeBytes)), align),
    align,
    flat,
    load(guest, at, name) {
      const index = verify(guest.memory.view.getUint8(at));
      return name(index, payloads[index]?.load(guest, at + offset));
    },
    store(guest, at, index, payload) {
      guest.memory.view.setUint8(at, index);
      payloads[index]?.store(guest, at + offset, payload);
    },
    lift(guest, args, name) {
      const end = args.next + flat.length;
      const index = verify(Number(args.values[args.next++]) >>> 0);
      const payload = payloads[index];
      const value = name(index, payload?.lift(guest, narrowed(args, payload.flat)));
      args.next = end;
      return value;
    },
    lower(guest, index, payload, into) {
      const end = into.length + flat.length;
      into.push(index);
      payloads[index]?.lower(guest, payload, into);
      for (let i = end - flat.length; i < end; i++)
        into[i] = widened(into[i] ?? 0, flat[i - end + flat.length]);
    },
  };
}

/** The core values in which any of the payloads fits. */
function joined(flats: readonly (readonly CoreType[])[]): CoreType[] {
  const longest = Math.max(0, ...flats.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => (flats.some((flat) => flat[i] === "i64") ? "i64" : "i32"));
}

/** The arguments of a case, where they share their places with wider ones of others. */
function narrowed(args: CoreArgs, flat: readonly CoreType[]): CoreArgs {
  if (flat.every((type, i) => type === "i64" || typeof args.values[args.next + i] === "number")) return args;
  const values = args.values.slice(args.next, args.next + flat.length);
  return {
    values: values.map((value, i) => (flat[i] === "i32" ? Number(BigInt.asUintN(32, BigInt(value))) : value)),
    next: 0,
  };
}

function widened(value: CoreValue, type: CoreType | undefined): CoreValue {
  return type === "i64" && typeof value === "number" ? BigInt(value >>> 0) : value;
}
