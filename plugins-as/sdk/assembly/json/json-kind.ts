/** What a `JsonValue` is. */
export enum JsonKind {
  Null,
  Bool,
  /** An integer that fits into 64 bits with a sign. */
  I64,
  /** An integer from 2⁶³ up to 2⁶⁴ − 1. */
  U64,
  F64,
  String,
  Bytes,
  Array,
  Object,
}
