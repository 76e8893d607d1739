// The results that imports leave in `AREA`: a case, 0 or 1, and a payload at 4, or at 8 where it is aligned so.

import { JsonValue } from "../json/json-value";
import { PluginError } from "../plugin-error";
import { Result } from "../result";
import { liftBytes, liftError, takeJson } from "./lift";
import { AREA } from "./memory";

/** `result<_, error>` */
export function resultOfNothing(): PluginError | null {
  return load<bool>(AREA) ? liftError(AREA + 4) : null;
}

/** `result<json, error>` */
export function resultOfJson<T = JsonValue>(): Result<T> {
  return load<bool>(AREA)
    ? Result.err<T>(liftError(AREA + 4))
    : takeJson<T>(load<usize>(AREA, 4), load<usize>(AREA, 8));
}

/** `result<option<json>, error>` */
export function resultOfOptionalJson<T = JsonValue>(): Result<T | null> {
  if (load<bool>(AREA)) return Result.err<T | null>(liftError(AREA + 4));
  if (!load<bool>(AREA, 4)) return Result.ok<T | null>(null);
  const value = takeJson<T>(load<usize>(AREA, 8), load<usize>(AREA, 12));
  return value.isErr ? Result.err<T | null>(value.error!) : Result.ok<T | null>(value.value);
}

/** `result<option<list<u8>>, error>` */
export function resultOfOptionalBytes(): Result<Uint8Array | null> {
  if (load<bool>(AREA)) return Result.err<Uint8Array | null>(liftError(AREA + 4));
  return Result.ok<Uint8Array | null>(load<bool>(AREA, 4) ? liftBytes(AREA + 8) : null);
}

/** `result<bool, error>` */
export function resultOfBool(): Result<bool> {
  return load<bool>(AREA) ? Result.err<bool>(liftError(AREA + 4)) : Result.ok<bool>(load<bool>(AREA, 4));
}

/** `result<u64, error>` */
export function resultOfU64(): Result<u64> {
  return load<bool>(AREA) ? Result.err<u64>(liftError(AREA + 8)) : Result.ok<u64>(load<u64>(AREA, 8));
}

/** `result<own<…>, error>`: a handle. */
export function resultOfHandle(): Result<i32> {
  return load<bool>(AREA) ? Result.err<i32>(liftError(AREA + 4)) : Result.ok<i32>(load<i32>(AREA, 4));
}
