import type { Guest } from "./guest.ts";

/** A value that a core function takes or gives. */
export type CoreValue = number | bigint;

export type CoreType = "i32" | "i64";

/** Reads core values one after the other. */
export interface CoreArgs {
  readonly values: readonly CoreValue[];
  next: number;
}

/**
 * How values of a type cross to a plugin and back, in its memory or as arguments. On this side they look as in
 * jco's mapping of WIT to JavaScript: records are objects with names in camel case, a variant is `{tag, val}`,
 * an option that is none is undefined, `u64` is a bigint, `list<u8>` a Uint8Array, a handle what it stands for.
 *
 * What goes in has been checked by the types of the contract. What comes out is checked here, and is an
 * `AbiViolation` or a `RangeError` where it does not fit.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md
 */
export interface Codec {
  readonly sizeBytes: number;
  readonly align: number;
  /** The core values that it is where it is an argument. */
  readonly flat: readonly CoreType[];
  readonly load: (guest: Guest, at: number) => unknown;
  readonly store: (guest: Guest, at: number, value: unknown) => void;
  readonly lift: (guest: Guest, args: CoreArgs) => unknown;
  readonly lower: (guest: Guest, value: unknown, into: CoreValue[]) => void;
}

/** The next multiple of `align`. */
export function alignedTo(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}
