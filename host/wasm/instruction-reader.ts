import { BinaryReader } from "./binary.ts";
import type { IndexSpace } from "./index-space.ts";
import { FC_SHAPES, FD_SHAPES, FIRST_RELAXED_SIMD, OP, PLAIN_SHAPES, SHAPE } from "./opcodes.ts";
import { readHeapType, readValueType, skipBlockType } from "./value-type.ts";

const HAS_MEMORY = 0x40;

/**
 * Walks over instructions, knowing where each begins and ends, and nothing of types.
 *
 * Every index of something that the rewrite appends to is held against what the module itself has.
 */
export class InstructionReader extends BinaryReader {
  readonly #space: IndexSpace;
  readonly #allowRelaxed: boolean;
  /** Of the function whose body is read: parameters and declared locals. */
  locals = 0;
  /** Where the instruction that was read last begins. */
  start = 0;
  /** Where the one before it begins. */
  previous = 0;
  /** Where its immediates begin. */
  immediates = 0;
  /** What follows its opcode if that is 0xfc or 0xfd. */
  prefixed = 0;
  /** Where the label begins that `labels` gave out last. */
  labelStart = 0;
  /** Its first immediate, if that is an index or a label. */
  index = 0;
  /** The second memory of a `memory.copy`: the one that is read. */
  secondIndex = 0;

  constructor(within: BinaryReader, space: IndexSpace, options: { allowRelaxed: boolean }) {
    super(within.bytes, within.file, within.offset, within.end);
    this.#space = space;
    this.#allowRelaxed = options.allowRelaxed;
  }

  /**
   * Passes over one instruction and returns its opcode.
   *
   * @throws HostError BINARY_UNSUPPORTED when it is not one that this host runs
   * @throws HostError BINARY_MALFORMED
   */
  next(): number {
    this.previous = this.start;
    this.start = this.offset;
    const op = this.u8();
    this.immediates = this.offset;
    this.#skipImmediates(PLAIN_SHAPES[op] as number, op);
    return op;
  }

  /** The labels of the `br_table` that was read last; while one is given out, it stands at `labelStart`. */
  *labels(): Generator<number, void, undefined> {
    this.offset = this.immediates;
    for (let count = this.u32(); count >= 0; count--) {
      this.labelStart = this.offset;
      yield this.u32();
    }
  }

  /** Reads the labels to which the clauses of a `try_table` lead, counted from outside of it. */
  *catchLabels(immediates: number): Generator<number, void, undefined> {
    const after = this.offset;
    this.offset = immediates;
    skipBlockType(this, this.#space.types);
    for (let count = this.u32(); count > 0; count--) {
      if (this.u8() < 2) this.u32();
      yield this.u32();
    }
    this.offset = after;
  }

  #skipImmediates(shape: number, op: number): void {
    const space = this.#space;
    switch (shape) {
      case SHAPE.none:
        return;
      case SHAPE.local:
        return this.#index(this.locals, "local");
      case SHAPE.memarg:
        return this.#memarg();
      case SHAPE.i32:
        return this.#number(5);
      case SHAPE.label:
        this.index = this.u32();
        return;
      case SHAPE.blocktype:
        return skipBlockType(this, space.types);
      case SHAPE.function:
        return this.#index(space.functions, "function");
      case SHAPE.global:
        return this.#index(space.globals, "global");
      case SHAPE.i64:
        return this.#number(10);
      case SHAPE["4 bytes"]:
        return this.skip(4);
      case SHAPE["8 bytes"]:
        return this.skip(8);
      case SHAPE["16 bytes"]:
        return this.skip(16);
      case SHAPE.lane:
        return this.skip(1);
      case SHAPE["label*"]:
        for (let count = this.u32(); count >= 0; count--) this.u32();
        return;
      case SHAPE.prefix:
        return this.#skipPrefixed(op);
      default:
        return this.#skipRare(shape, op);
    }
  }

  #skipRare(shape: number, op: number): void {
    const space = this.#space;
    switch (shape) {
      case SHAPE.type:
        return this.#index(space.types, "type");
      case SHAPE["type table"]:
        this.#index(space.types, "type");
        this.#below(space.tables, "table");
        return;
      case SHAPE.table:
        return this.#index(space.tables, "table");
      case SHAPE["table table"]:
        this.#index(space.tables, "table");
        this.#below(space.tables, "table");
        return;
      case SHAPE["element table"]:
        this.index = this.u32();
        this.#below(space.tables, "table");
        return;
      case SHAPE.memory:
        return this.#index(space.memories, "memory");
      case SHAPE["memory memory"]:
        this.#index(space.memories, "memory");
        this.secondIndex = this.#below(space.memories, "memory");
        return;
      case SHAPE["data memory"]:
        this.index = this.u32();
        this.#below(space.memories, "memory");
        return;
      case SHAPE.data:
      case SHAPE.element:
      case SHAPE.tag:
        this.index = this.u32();
        return;
      case SHAPE["memarg lane"]:
        this.#memarg();
        return this.skip(1);
      case SHAPE.heaptype:
        readHeapType(this, space.types);
        return;
      case SHAPE["valuetype*"]:
        for (let count = this.u32(); count > 0; count--) readValueType(this, space.types);
        return;
      case SHAPE.try_table:
        return this.#skipTryTable();
      default:
        this.#refuseInstruction(shape, op);
    }
  }

  #skipPrefixed(prefix: number): void {
    const sub = this.u32();
    this.prefixed = sub;
    this.immediates = this.offset;
    if (prefix === OP.fd && sub >= FIRST_RELAXED_SIMD && !this.#allowRelaxed) {
      this.refuse("relaxed SIMD, whose results differ between machines,", this.start);
    }
    const shape = (prefix === OP.fc ? FC_SHAPES : FD_SHAPES)[sub] ?? 0;
    if (shape === 0) this.refuse(`the unknown instruction ${hex(prefix)} ${hex(sub)}`, this.start);
    this.#skipImmediates(shape, prefix);
  }

  #skipTryTable(): void {
    skipBlockType(this, this.#space.types);
    for (let count = this.u32(); count > 0; count--) {
      const clause = this.u8();
      if (clause > 3) this.refuse(`a catch clause of the unknown form ${clause}`, this.offset - 1);
      if (clause < 2) this.u32();
      this.u32();
    }
  }

  #refuseInstruction(shape: number, op: number): never {
    if (shape === SHAPE.threads) this.refuse("atomic instructions", this.start);
    if (shape === SHAPE["stack switching"]) this.refuse("stack switching", this.start);
    if (shape === SHAPE["garbage collection"]) this.refuse("instructions of garbage collection", this.start);
    this.refuse(`the unknown instruction ${hex(op)}`, this.start);
  }

  #memarg(): void {
    if (this.u32() & HAS_MEMORY) this.#below(this.#space.memories, "memory");
    this.u32();
  }

  /** A signed number of at most so many bytes: its value does not matter here. */
  #number(maxBytes: number): void {
    for (let bytes = 1; this.u8() >= 0x80; bytes++) {
      if (bytes === maxBytes) this.fail("a number is too long", this.offset - 1);
    }
  }

  #index(count: number, what: string): void {
    this.index = this.#below(count, what);
  }

  #below(count: number, what: string): number {
    const index = this.u32();
    if (index >= count) this.fail(`there is no ${what} ${index}`, this.start);
    return index;
  }
}

function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, "0")}`;
}
