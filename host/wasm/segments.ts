import type { IndexSpace } from "./index-space.ts";
import type { InstructionReader } from "./instruction-reader.ts";
import { OP } from "./opcodes.ts";
import { readReferenceType, readValueType } from "./value-type.ts";

/** Passes over an expression that gives a first value or an offset. */
function skipConstantExpression(reader: InstructionReader): void {
  for (;;) {
    const op = reader.next();
    if (op === OP.end) return;
    if (op < OP.br) reader.fail("a constant expression is more than constant", reader.start);
  }
}

/** Passes over the globals of a module, and checks what their first values refer to. */
export function checkGlobals(reader: InstructionReader, space: IndexSpace): void {
  for (let count = reader.u32(); count > 0; count--) {
    readValueType(reader, space.types);
    const mutability = reader.u8();
    if (mutability > 1) reader.refuse(`a global of the unknown form ${mutability}`, reader.offset - 1);
    skipConstantExpression(reader);
  }
  reader.expectEnd("the global section");
}

const IS_PASSIVE_OR_DECLARED = 1;
const HAS_TABLE_OR_IS_DECLARED = 2;
const HAS_EXPRESSIONS = 4;

/** Passes over the segments of tables, and checks what they refer to. */
export function checkElements(reader: InstructionReader, space: IndexSpace): void {
  for (let count = reader.u32(); count > 0; count--) {
    const start = reader.offset;
    const flags = reader.u32();
    if (flags > 7) reader.refuse(`an element segment of the unknown form ${flags}`, start);
    if (!(flags & IS_PASSIVE_OR_DECLARED)) {
      const table = flags & HAS_TABLE_OR_IS_DECLARED ? reader.u32() : 0;
      if (table >= space.tables) reader.fail(`there is no table ${table}`, start);
      skipConstantExpression(reader);
    }
    const hasType = (flags & (IS_PASSIVE_OR_DECLARED | HAS_TABLE_OR_IS_DECLARED)) !== 0;
    if (flags & HAS_EXPRESSIONS) skipExpressions(reader, space, hasType);
    else skipFunctions(reader, space, hasType);
  }
  reader.expectEnd("the element section");
}

function skipExpressions(reader: InstructionReader, space: IndexSpace, hasType: boolean): void {
  if (hasType) readReferenceType(reader, space.types);
  for (let count = reader.u32(); count > 0; count--) skipConstantExpression(reader);
}

function skipFunctions(reader: InstructionReader, space: IndexSpace, hasKind: boolean): void {
  if (hasKind && reader.u8() !== 0) reader.refuse("elements of an unknown kind", reader.offset - 1);
  for (let count = reader.u32(); count > 0; count--) {
    const index = reader.u32();
    if (index >= space.functions) reader.fail(`there is no function ${index}`);
  }
}

/** Passes over the segments of memories, and checks what they refer to. */
export function checkData(reader: InstructionReader): void {
  for (let count = reader.u32(); count > 0; count--) {
    const start = reader.offset;
    const flags = reader.u32();
    if (flags > 2) reader.refuse(`a data segment of the unknown form ${flags}`, start);
    if (flags === 2) reader.u32();
    if (flags !== 1) skipConstantExpression(reader);
    reader.skip(reader.u32());
  }
  reader.expectEnd("the data section");
}
