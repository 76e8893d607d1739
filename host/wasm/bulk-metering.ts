import type { AddedFunctions } from "./added-functions.ts";
import { EDIT, type BodyEdits } from "./body-edits.ts";
import { BYTES_PER_FUEL_BITS } from "./cost.ts";
import type { InstructionReader } from "./instruction-reader.ts";
import { FC, OP } from "./opcodes.ts";

/** A fill or copy of so few bytes, known beforehand, is left in place: the compiler makes it a few moves. */
const SMALL_BYTES = 1024;

/**
 * Charges the instructions whose cost is in a length that is known only when they run: all of them have it on
 * top of the stack.
 */
export class BulkMetering {
  readonly #added: AddedFunctions;

  constructor(added: AddedFunctions) {
    this.#added = added;
  }

  /** Edits the instruction that was read last, if it is one of these. Returns fuel to charge beforehand. */
  plan(reader: InstructionReader, op: number, edits: BodyEdits): number {
    const added = this.#added;
    if (op === OP.memoryGrow) {
      edits.replace(reader.start, reader.offset, EDIT.call, added.grow(reader.index));
      return 0;
    }
    switch (reader.prefixed) {
      case FC.memoryFill:
      case FC.memoryCopy: {
        const small = smallLength(reader);
        if (small !== undefined) return small >> BYTES_PER_FUEL_BITS;
        const standIn =
          reader.prefixed === FC.memoryFill
            ? added.fill(reader.index)
            : added.copy(reader.index, reader.secondIndex);
        edits.replace(reader.start, reader.offset, EDIT.call, standIn);
        return 0;
      }
      case FC.memoryInit:
        edits.insert(reader.start, EDIT.call, added.payBytes());
        return 0;
      case FC.tableInit:
      case FC.tableCopy:
      case FC.tableGrow:
      case FC.tableFill:
        edits.insert(reader.start, EDIT.call, added.payElements());
    }
    return 0;
  }
}

/** The length, if the instruction before this one pushed it and it is small. */
function smallLength(reader: InstructionReader): number | undefined {
  const { bytes, previous } = reader;
  if (bytes[previous] !== OP.i32Const) return undefined;
  const low = bytes[previous + 1] as number;
  const high = bytes[previous + 2] as number;
  // One or two bytes, and not negative.
  if (low < 0x40) return low;
  const length = (low & 0x7f) | (high << 7);
  return low >= 0x80 && high < 0x40 && length <= SMALL_BYTES ? length : undefined;
}
