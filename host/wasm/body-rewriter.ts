import type { AddedFunctions } from "./added-functions.ts";
import type { BinaryReader, BinaryWriter } from "./binary.ts";
import { BodyEdits } from "./body-edits.ts";
import { BulkMetering } from "./bulk-metering.ts";
import { FuelCode } from "./fuel-code.ts";
import type { IndexSpace } from "./index-space.ts";
import { InstructionReader } from "./instruction-reader.ts";
import { ExactPlanner } from "./plan-exact.ts";
import { SlicedPlanner } from "./plan-sliced.ts";
import { readValueType, VALUE_TYPE } from "./value-type.ts";

/** How fuel is charged: see `InstrumentOptions`. */
export type FuelMode = "sliced" | "exact";

/** Decides where the code that charges fuel stands in a function. */
interface Planner {
  /** Plans the function at whose first instruction `reader` stands, as edits. */
  plan(reader: InstructionReader): void;
  /** Whether the function that was planned last needs one more local, an i32, to count in. */
  readonly counts: boolean;
}

// Engines take no more.
const MAX_LOCALS = 50_000;

/** Rewrites the bodies of functions. */
export class BodyRewriter {
  readonly #space: IndexSpace;
  readonly #edits = new BodyEdits();
  readonly #planner: Planner;
  readonly #fuel: FuelCode;
  readonly #allowRelaxed: boolean;

  constructor(space: IndexSpace, added: AddedFunctions, mode: FuelMode) {
    this.#space = space;
    this.#fuel = new FuelCode(added);
    const bulk = new BulkMetering(added);
    this.#planner =
      mode === "exact" ? new ExactPlanner(bulk, this.#edits) : new SlicedPlanner(space, bulk, this.#edits);
    this.#allowRelaxed = mode === "sliced";
  }

  /** Reads the body of the function that is number `index` among those defined, and writes it rewritten. */
  rewrite(contents: BinaryReader, index: number, writer: BinaryWriter): void {
    const size = contents.u32();
    const reader = this.reader(contents);
    contents.skip(size);
    reader.end = contents.offset;
    const groups = reader.u32();
    const groupsStart = reader.offset;
    reader.locals = (this.#space.parameterCounts[index] as number) + this.#skipLocals(reader, groups);
    if (reader.locals > MAX_LOCALS) reader.fail("more locals than engines take", groupsStart);
    const codeStart = reader.offset;
    this.#edits.clear();
    this.#planner.plan(reader);
    const { counts } = this.#planner;
    this.#fuel.counter = counts ? reader.locals : undefined;
    const sizeAt = writer.openSize();
    writer.u32(groups + (counts ? 1 : 0));
    writer.slice(reader.bytes, groupsStart, codeStart);
    if (counts) writer.raw([1, VALUE_TYPE.i32]);
    this.#edits.apply(writer, reader.bytes, codeStart, reader.end, this.#fuel);
    writer.closeSize(sizeAt);
  }

  /** A reader of instructions, standing where `within` stands. */
  reader(within: BinaryReader): InstructionReader {
    return new InstructionReader(within, this.#space, { allowRelaxed: this.#allowRelaxed });
  }

  #skipLocals(reader: InstructionReader, groups: number): number {
    let locals = 0;
    for (let group = 0; group < groups; group++) {
      locals += reader.u32();
      readValueType(reader, this.#space.types);
    }
    return locals;
  }
}
