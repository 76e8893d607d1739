import type { BinaryWriter } from "./binary.ts";
import { MAX_COUNTED } from "./cost.ts";
import { OP } from "./opcodes.ts";

const NO_RESULT = 0x40;

/** Where the rewrite keeps what the code that it inserts refers to. */
interface FuelIndices {
  /** The mutable i64 global that counts down. */
  readonly fuel: number;
  /** The function that asks the hook: no parameters, no results. */
  readonly out: number;
  /** The function that charges its i32 parameter and asks the hook if no fuel is left. */
  readonly spend: number;
}

/**
 * Writes the instructions that charge fuel. None of them leaves anything on the stack or takes anything from it.
 *
 * Fuel is in a global, which is in memory: to subtract from it in each round of a short loop takes longer than
 * the loop. Such loops count in a local, which the engine keeps in a register, and charge now and then.
 */
export class FuelCode {
  readonly #indices: FuelIndices;
  /** The local to count in, of the function that is written, or `undefined` if it counts nothing. */
  counter: number | undefined;

  constructor(indices: FuelIndices) {
    this.#indices = indices;
  }

  /** Charges `amount`. */
  writePay(writer: BinaryWriter, amount: number): void {
    const { fuel } = this.#indices;
    writer.u8(OP.globalGet);
    writer.u32(fuel);
    writer.u8(OP.i64Const);
    writer.s32(amount);
    writer.u8(OP.i64Sub);
    writer.u8(OP.globalSet);
    writer.u32(fuel);
  }

  /** Charges `amount`, and asks the hook if no fuel is left. */
  writePayAndCheck(writer: BinaryWriter, amount: number): void {
    this.writePay(writer, amount);
    this.#writeCheck(writer);
  }

  /** Charges what was counted and `amount`, and asks the hook if no fuel is left. */
  writePayRound(writer: BinaryWriter, amount: number): void {
    this.writePayCounted(writer);
    this.writePayAndCheck(writer, amount);
  }

  /** Charges what was counted. */
  writePayCounted(writer: BinaryWriter): void {
    const { counter } = this;
    if (counter === undefined) return;
    const { fuel } = this.#indices;
    writer.u8(OP.globalGet);
    writer.u32(fuel);
    writer.u8(OP.localGet);
    writer.u32(counter);
    writer.u8(OP.i64ExtendI32U);
    writer.u8(OP.i64Sub);
    writer.u8(OP.globalSet);
    writer.u32(fuel);
    this.#writeReset(writer, counter);
  }

  /** Charges what was counted, and asks the hook if no fuel is left. */
  writePayCountedAndCheck(writer: BinaryWriter): void {
    if (this.counter === undefined) return;
    this.writePayCounted(writer);
    this.#writeCheck(writer);
  }

  /**
   * Counts `amount`; when enough was counted, charges it, and then goes to the head of the loop that is so many
   * loops around this one, if any.
   */
  writeCountRound(writer: BinaryWriter, amount: number, outerLoops: 0 | 1): void {
    const counter = this.counter as number;
    writer.u8(OP.localGet);
    writer.u32(counter);
    writer.u8(OP.i32Const);
    writer.s32(amount);
    writer.u8(OP.i32Add);
    writer.u8(OP.localTee);
    writer.u32(counter);
    writer.u8(OP.i32Const);
    writer.s32(MAX_COUNTED);
    writer.u8(OP.i32GtS);
    writer.u8(OP.if);
    writer.u8(NO_RESULT);
    writer.u8(OP.localGet);
    writer.u32(counter);
    writer.u8(OP.call);
    writer.u32(this.#indices.spend);
    this.#writeReset(writer, counter);
    if (outerLoops > 0) {
      // Past the `if` and the loop itself.
      writer.u8(OP.br);
      writer.u8(1 + outerLoops);
    }
    writer.u8(OP.end);
  }

  #writeCheck(writer: BinaryWriter): void {
    const { fuel, out } = this.#indices;
    writer.u8(OP.globalGet);
    writer.u32(fuel);
    writer.u8(OP.i64Const);
    writer.u8(0);
    writer.u8(OP.i64LtS);
    writer.u8(OP.if);
    writer.u8(NO_RESULT);
    writer.u8(OP.call);
    writer.u32(out);
    writer.u8(OP.end);
  }

  #writeReset(writer: BinaryWriter, counter: number): void {
    writer.u8(OP.i32Const);
    writer.u8(0);
    writer.u8(OP.localSet);
    writer.u32(counter);
  }
}
