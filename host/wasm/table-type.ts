import type { BinaryReader } from "./binary.ts";
import { readLimits, type Limits } from "./limits.ts";
import { readReferenceType, type ValueType } from "./value-type.ts";

/** A table as a module defines it. */
export interface TableType {
  readonly elements: ValueType;
  readonly limits: Limits;
}

/** Reads a table of the table section. `typeCount` is how many function types there are. */
export function readTableType(reader: BinaryReader, typeCount: number): TableType {
  // Typed function references brought a longer form, with a first value for every element.
  if (reader.peek() === 0x40) reader.refuse("a table with a first value for its elements");
  return { elements: readReferenceType(reader, typeCount), limits: readLimits(reader, "table") };
}
