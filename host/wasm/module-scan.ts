import { BinaryReader } from "./binary.ts";
import { readExport, readImport, type ModuleImport } from "./externs.ts";
import type { IndexSpace } from "./index-space.ts";
import { InstructionReader } from "./instruction-reader.ts";
import { readModuleParts } from "./module-parts.ts";
import { OP } from "./opcodes.ts";
import { moduleSectionsOf, SECTION, type Section } from "./sections.ts";
import { readReferenceType, readValueType } from "./value-type.ts";

/** What a core module's code and data look like from close by. Offsets are those of the file. */
export interface ModuleScan {
  /** In the order of the code. */
  readonly functions: readonly { readonly offset: number; readonly sizeBytes: number }[];
  /** Functions that it imports and that nothing in it calls, exports or puts into a table. */
  readonly unusedImports: readonly ModuleImport[];
  readonly data: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

/**
 * Reads all of a core module, in time linear in its size, without compiling it. `reader` stands at its header.
 *
 * @throws HostError BINARY_MALFORMED, BINARY_UNSUPPORTED
 */
export function scanModule(reader: BinaryReader): ModuleScan {
  const sections = new Map<number, Section>();
  for (const section of moduleSectionsOf(reader.clone())) sections.set(section.id, section);
  return new ModuleScanner(sections, reader.file).scan();
}

const REF_FUNC = 0xd2;
const REFERS_TO_FUNCTION: ReadonlySet<number> = new Set([OP.call, OP.returnCall, REF_FUNC]);

class ModuleScanner {
  readonly #sections: ReadonlyMap<number, Section>;
  readonly #file: string;
  readonly #space: IndexSpace;
  readonly #start: number | undefined;
  /** The indices of the functions that something refers to. */
  readonly #used = new Set<number>();

  constructor(sections: ReadonlyMap<number, Section>, file: string) {
    this.#sections = sections;
    this.#file = file;
    const { space, start } = readModuleParts(sections);
    this.#space = space;
    this.#start = start;
  }

  scan(): ModuleScan {
    const functions = this.#code();
    this.#globals();
    this.#elements();
    if (this.#start !== undefined) this.#used.add(this.#start);
    const exports = this.#instructions(SECTION.export);
    for (const { export: what, index } of exports.vector(() => readExport(exports))) {
      if (what.kind === "function") this.#used.add(index);
    }
    return { functions, unusedImports: this.#unusedImports(), data: this.#data() };
  }

  /** A reader of what a section holds: of nothing, if there is none. */
  #instructions(id: number): InstructionReader {
    const contents = this.#sections.get(id)?.contents.clone() ?? new BinaryReader(NO_ITEMS, this.#file);
    return new InstructionReader(contents, this.#space, { allowRelaxed: true });
  }

  #code(): ModuleScan["functions"] {
    const reader = this.#instructions(SECTION.code);
    return reader.vector((i) => {
      const sizeBytes = reader.u32();
      const offset = reader.offset;
      const end = offset + sizeBytes;
      if (end > reader.end) reader.fail("a function ends behind the code");
      this.#body(reader, i, end);
      return { offset, sizeBytes };
    });
  }

  #body(reader: InstructionReader, i: number, end: number): void {
    reader.locals = this.#space.parameterCounts[i] ?? 0;
    for (let groups = reader.u32(); groups > 0; groups--) {
      reader.locals += reader.u32();
      readValueType(reader, this.#space.types);
    }
    while (reader.offset < end) this.#note(reader);
    if (reader.offset > end) reader.fail("a function is longer than it says");
  }

  /** Passes over an instruction, and returns its opcode. */
  #note(reader: InstructionReader): number {
    const op = reader.next();
    if (REFERS_TO_FUNCTION.has(op)) this.#used.add(reader.index);
    return op;
  }

  #constantExpression(reader: InstructionReader): void {
    while (this.#note(reader) !== OP.end);
  }

  #globals(): void {
    const reader = this.#instructions(SECTION.global);
    for (let count = reader.u32(); count > 0; count--) {
      readValueType(reader, this.#space.types);
      reader.u8();
      this.#constantExpression(reader);
    }
  }

  /** @see https://webassembly.github.io/spec/core/binary/modules.html#element-section */
  #elements(): void {
    const reader = this.#instructions(SECTION.element);
    for (let count = reader.u32(); count > 0; count--) {
      const flags = reader.u32();
      const [isPassive, hasTable, hasExpressions] = [flags & 1, flags & 2, flags & 4];
      if (!isPassive && hasTable) reader.u32();
      if (!isPassive) this.#constantExpression(reader);
      if ((isPassive || hasTable) && hasExpressions) readReferenceType(reader, this.#space.types);
      if ((isPassive || hasTable) && !hasExpressions) reader.u8();
      for (let left = reader.u32(); left > 0; left--) {
        if (hasExpressions) this.#constantExpression(reader);
        else this.#used.add(reader.u32());
      }
    }
  }

  #data(): ModuleScan["data"] {
    const reader = this.#instructions(SECTION.data);
    return reader.vector(() => {
      const flags = reader.u32();
      if (flags === 2) reader.u32();
      if (flags !== 1) this.#constantExpression(reader);
      const length = reader.u32();
      return { offset: reader.offset, bytes: reader.take(length) };
    });
  }

  #unusedImports(): ModuleImport[] {
    const reader = this.#instructions(SECTION.import);
    const imports = reader.vector(() => readImport(reader, this.#space.types).import);
    const functions = imports.filter(({ kind }) => kind === "function");
    return functions.filter((_, index) => !this.#used.has(index));
  }
}

const NO_ITEMS = Uint8Array.of(0);
