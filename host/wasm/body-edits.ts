import type { BinaryWriter } from "./binary.ts";
import type { FuelCode } from "./fuel-code.ts";
import { OP } from "./opcodes.ts";

/** What an edit writes in place of a range of a function's body. */
export const EDIT = {
  /** Nothing, and the range stays: an edit that was taken back. */
  none: 0,
  /** Charges its value. */
  pay: 1,
  /** Charges its value, and asks the hook if no fuel is left. */
  payAndCheck: 2,
  /** The same at the head of a loop, and charges what the function has counted. */
  payRound: 3,
  /** Charges what the function has counted: where it ends or calls. */
  payCounted: 4,
  /** The same, and asks the hook if no fuel is left: where it may end or go on. */
  payCountedAndCheck: 5,
  /** Counts its value: at the head of a loop. */
  countRound: 6,
  /** The same, for a loop that stands in a copy of its own head. */
  countRoundWrapped: 7,
  /** The range once more: it is the head of a loop, and stays. */
  repeat: 8,
  /** The end of a block. */
  end: 9,
  /** The label that its value says. */
  label: 10,
  /** A call of the function that its value says. */
  call: 11,
} as const;

/**
 * What changes in the body of one function, in the order of the bytes.
 *
 * A plan is made in one walk over the body and carried out when all is known, so that what stands at the head
 * of a loop can depend on what is found in it.
 */
export class BodyEdits {
  readonly #kinds: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #values: number[] = [];

  get count(): number {
    return this.#kinds.length;
  }

  clear(): void {
    this.#kinds.length = 0;
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#values.length = 0;
  }

  /** Replaces `[start, end)`, which is not before the last edit. Returns the edit's number. */
  replace(start: number, end: number, kind: number, value: number): number {
    this.#starts.push(start);
    this.#ends.push(end);
    this.#values.push(value);
    return this.#kinds.push(kind) - 1;
  }

  /** Writes something before `at`. Returns the edit's number. */
  insert(at: number, kind: number, value: number): number {
    return this.replace(at, at, kind, value);
  }

  kindOf(edit: number): number {
    return this.#kinds[edit] as number;
  }

  /** Says what an earlier edit is to be, now that it is known. */
  decide(edit: number, kind: number, value: number): void {
    this.#kinds[edit] = kind;
    this.#values[edit] = value;
  }

  /** Writes `source[start, end)` with all edits carried out. */
  apply(writer: BinaryWriter, source: Uint8Array, start: number, end: number, fuel: FuelCode): void {
    let copied = start;
    for (let i = 0; i < this.#kinds.length; i++) {
      const kind = this.#kinds[i] as number;
      if (kind === EDIT.none) continue;
      const from = this.#starts[i] as number;
      const until = this.#ends[i] as number;
      writer.slice(source, copied, kind === EDIT.repeat ? until : from);
      copied = kind === EDIT.repeat ? from : until;
      write(writer, kind, this.#values[i] as number, fuel);
    }
    writer.slice(source, copied, end);
  }
}

function write(writer: BinaryWriter, kind: number, value: number, fuel: FuelCode): void {
  switch (kind) {
    case EDIT.pay:
      return fuel.writePay(writer, value);
    case EDIT.payAndCheck:
      return fuel.writePayAndCheck(writer, value);
    case EDIT.payRound:
      return fuel.writePayRound(writer, value);
    case EDIT.payCounted:
      return fuel.writePayCounted(writer);
    case EDIT.payCountedAndCheck:
      return fuel.writePayCountedAndCheck(writer);
    case EDIT.countRound:
      return fuel.writeCountRound(writer, value, 0);
    case EDIT.countRoundWrapped:
      return fuel.writeCountRound(writer, value, 1);
    case EDIT.end:
      return writer.u8(OP.end);
    case EDIT.label:
      return writer.u32(value);
    case EDIT.call:
      writer.u8(OP.call);
      writer.u32(value);
  }
}
