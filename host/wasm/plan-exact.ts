import { EDIT, type BodyEdits } from "./body-edits.ts";
import type { BulkMetering } from "./bulk-metering.ts";
import { MAX_UNCHECKED } from "./cost.ts";
import type { InstructionReader } from "./instruction-reader.ts";
import { OP } from "./opcodes.ts";

/** After one of these, instructions are run that need not have been run if the one before was. */
const ENDS_BLOCK = new Uint8Array(256);
for (const op of [
  OP.unreachable,
  OP.loop,
  OP.if,
  OP.else,
  OP.try,
  OP.catch,
  OP.throw,
  OP.rethrow,
  OP.throwRef,
  OP.end,
  OP.br,
  OP.brIf,
  OP.brTable,
  OP.return,
  OP.returnCall,
  OP.returnCallIndirect,
  OP.returnCallRef,
  OP.delegate,
  OP.catchAll,
  OP.tryTable,
  OP.memoryGrow,
  OP.brOnNull,
  OP.brOnNonNull,
  OP.fc,
]) {
  ENDS_BLOCK[op] = 1;
}

/** These delimit instructions and are none. */
const COSTS_NOTHING: ReadonlySet<number> = new Set([OP.else, OP.end, OP.catch, OP.catchAll, OP.delegate]);
const OPENS: ReadonlySet<number> = new Set([OP.block, OP.loop, OP.if, OP.try, OP.tryTable]);
const CLOSES: ReadonlySet<number> = new Set([OP.end, OP.delegate]);

/**
 * Plans that a function pays for exactly what it does: one unit an instruction, in advance for each straight
 * run of instructions.
 */
export class ExactPlanner {
  readonly #bulk: BulkMetering;
  readonly #edits: BodyEdits;
  readonly counts = false;

  constructor(bulk: BulkMetering, edits: BodyEdits) {
    this.#bulk = bulk;
    this.#edits = edits;
  }

  plan(reader: InstructionReader): void {
    // In a long function, code without loops may run for long.
    const inBlocks = reader.end - reader.offset > MAX_UNCHECKED ? EDIT.payAndCheck : EDIT.pay;
    let depth = 1;
    let cost = 0;
    let runStart = reader.offset;
    let kind: number = EDIT.payAndCheck;
    while (depth > 0) {
      const op = reader.next();
      if (ENDS_BLOCK[op] === 0 && op !== OP.block && cost < MAX_UNCHECKED) {
        cost++;
        continue;
      }
      if (!COSTS_NOTHING.has(op)) cost++;
      if (OPENS.has(op)) depth++;
      if (CLOSES.has(op)) depth--;
      if (op === OP.block && cost < MAX_UNCHECKED) continue;
      if (cost > 0) this.#edits.insert(runStart, kind, cost);
      cost = op === OP.fc || op === OP.memoryGrow ? this.#bulk.plan(reader, op, this.#edits) : 0;
      runStart = reader.offset;
      kind = op === OP.loop ? EDIT.payAndCheck : inBlocks;
    }
    if (!reader.atEnd) reader.fail("a function goes on after its end");
  }
}
