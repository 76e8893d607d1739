// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { JsonValue } from "../json-value";
import { __NoEnum } from "./no-enum";

/** What a value of a type looks like in JSON, for a person. */
export function expectationOf<T, E>(): string {
  if (isNullable<T>()) {
    return expectationOf<NonNullable<T>, E>() + " or null";
  } else if (isBoolean<T>()) {
    return "true or false";
  } else if (isInteger<T>()) {
    if (idof<E>() != idof<__NoEnum>()) return changetype<E>(0).expectation();
    return `a whole number from ${least<T>()} to ${most<T>()}`;
  } else if (isFloat<T>()) {
    return sizeof<T>() == 4 ? "a number that fits into 32 bits" : "a number";
  } else if (isString<T>()) {
    return "a string";
  } else if (isArray<T>()) {
    return "an array";
  } else if (idof<T>() == idof<JsonValue>()) {
    return "a value";
  } else if (idof<T>() == idof<Uint8Array>() || idof<T>() == idof<ArrayBuffer>()) {
    return "bytes";
  } else {
    return "an object";
  }
}

function least<T>(): string {
  return isSigned<T>() ? (i64.MIN_VALUE >> (64 - 8 * sizeof<T>())).toString() : "0";
}

function most<T>(): string {
  return isSigned<T>()
    ? (i64.MAX_VALUE >> (64 - 8 * sizeof<T>())).toString()
    : (u64.MAX_VALUE >> (64 - 8 * sizeof<T>())).toString();
}
