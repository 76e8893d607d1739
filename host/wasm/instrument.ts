import { AddedFunctions } from "./added-functions.ts";
import { BinaryReader, BinaryWriter } from "./binary.ts";
import { BodyRewriter, type FuelMode } from "./body-rewriter.ts";
import { clampLimits } from "./clamp.ts";
import { INSTRUMENT_EXPORT } from "./hooks.ts";
import { HEADER_BYTES, verifyKind } from "./kind.ts";
import { MAX_PAGES, writeLimits, type Limits } from "./limits.ts";
import { readModuleParts, type ModuleParts } from "./module-parts.ts";
import { writeNamesWithoutLabels } from "./name-section.ts";
import { OP } from "./opcodes.ts";
import { moduleSectionsOf, SECTION, SECTION_ORDER, type Section } from "./sections.ts";
import { checkData, checkElements, checkGlobals } from "./segments.ts";
import { VALUE_TYPE, writeValueType } from "./value-type.ts";

export interface InstrumentOptions {
  /** Pages of 64 KiB that all memories which the module defines may have together. */
  readonly maxMemoryPages: number;
  /** Elements that all tables which the module defines may have together. One instruction may fill them all. */
  readonly maxTableElements: number;
  /**
   * How fuel is charged. A unit is about an instruction.
   *
   * - `sliced`: at least what runs, for of several paths the longest is charged, but for some thousand units
   *   that a loop may be behind. Cheap, and the same for the same input, but for relaxed SIMD, whose results
   *   may differ between machines.
   * - `exact`: one unit for each instruction of every straight run of them that is entered, whether or not
   *   something traps or throws in its middle; relaxed SIMD is refused.
   *
   * In both, a fill or copy costs a unit for 16 bytes and 32 units for an element of a table, and goes a
   * mebibyte at a time. Between two checks of the fuel run at most some ten thousand instructions.
   */
  readonly fuel: FuelMode;
}

interface InstrumentedModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether there is a `tusk:start` to call once the limits are armed. */
  readonly hasStart: boolean;
  /** Those that the module defines, with the maxima that they have now, in pages of 64 KiB. */
  readonly memories: readonly Limits[];
  /** Those that the module defines, with the maxima that they have now. */
  readonly tables: readonly Limits[];
}

/**
 * Rewrites a core module so that what it runs and how far it grows can be limited: the code charges fuel, memory
 * that grows is asked for, memories and tables have maxima, and nothing runs on instantiation.
 *
 * Everything that is added is appended, and every index in the module is checked against what it had before:
 * nothing that stood for something stands for something else, and the module cannot reach what was added. The
 * result is valid if and only if the module was. What the pass does not know is refused.
 *
 * `file` is what to call the bytes in messages.
 *
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED
 * @throws HostError BINARY_UNSUPPORTED for shared or 64-bit memories, atomics, garbage collection, stack
 *   switching, exports of the names in `INSTRUMENT_EXPORT`, and all that is not known
 * @throws HostError BINARY_OVER_LIMIT when its memories or tables start larger than they may become
 * @see INSTRUMENT_EXPORT
 * @see HOOK_SLOT
 */
export function instrument(bytes: Uint8Array, file: string, options: InstrumentOptions): InstrumentedModule {
  verifyKind(bytes, file, "core-module");
  return new ModuleRewriter(bytes, file, options).rewrite();
}

// Engines set aside some gigabytes of address space for each.
const MAX_MEMORIES = 16;
const HOOK_COUNT = 2;

class ModuleRewriter {
  readonly #bytes: Uint8Array;
  readonly #file: string;
  readonly #sections = new Map<number, Section>();
  /** Custom sections that are kept, by the kind of the section that they stand behind. */
  readonly #customs = new Map<number, Section[]>();
  readonly #parts: ModuleParts;
  readonly #added: AddedFunctions;
  readonly #bodies: BodyRewriter;
  readonly #memories: readonly Limits[];
  readonly #tables: readonly Limits[];

  constructor(bytes: Uint8Array, file: string, options: InstrumentOptions) {
    this.#bytes = bytes;
    this.#file = file;
    this.#readSections();
    this.#parts = readModuleParts(this.#sections);
    const { space, memories, tables } = this.#parts;
    if (memories.length > MAX_MEMORIES)
      this.#reader(SECTION.memory).refuse(`more than ${MAX_MEMORIES} memories`);
    const maxPages = Math.min(options.maxMemoryPages, MAX_PAGES);
    this.#memories = clampLimits(memories, maxPages, "pages of memory", file);
    const tableLimits = tables.map(({ limits }) => limits);
    this.#tables = clampLimits(tableLimits, options.maxTableElements, "table elements", file);
    this.#added = new AddedFunctions(space);
    this.#bodies = new BodyRewriter(space, this.#added, options.fuel);
  }

  rewrite(): InstrumentedModule {
    // The code comes first, for it decides which functions are added.
    const bodies = this.#rewriteBodies();
    const writer = new BinaryWriter(this.#bytes.length + bodies.length + 4096);
    writer.slice(this.#bytes, 0, HEADER_BYTES);
    this.#copyCustoms(writer, SECTION.custom);
    for (const id of SECTION_ORDER) {
      this.#writeSection(writer, id, bodies);
      this.#copyCustoms(writer, id);
    }
    return {
      bytes: writer.finish(),
      hasStart: this.#parts.start !== undefined,
      memories: this.#memories,
      tables: this.#tables,
    };
  }

  #readSections(): void {
    let behind: number = SECTION.custom;
    for (const section of moduleSectionsOf(new BinaryReader(this.#bytes, this.#file))) {
      if (section.id !== SECTION.custom) {
        behind = section.id;
        this.#sections.set(behind, section);
      } else if (staysTrue(section.contents.clone().name())) {
        this.#customs.set(behind, this.#customs.get(behind) ?? []);
        this.#customs.get(behind)?.push(section);
      }
    }
  }

  /** A reader of what a section holds: of nothing, if there is none. */
  #reader(id: number): BinaryReader {
    return this.#sections.get(id)?.contents.clone() ?? new BinaryReader(EMPTY_VECTOR, this.#file);
  }

  #rewriteBodies(): Uint8Array {
    const contents = this.#reader(SECTION.code);
    const writer = new BinaryWriter(2 * (contents.end - contents.offset) + 64);
    const count = contents.u32();
    if (count !== this.#parts.space.parameterCounts.length)
      contents.fail("functions and bodies are not as many");
    for (let i = 0; i < count; i++) this.#bodies.rewrite(contents, i, writer);
    contents.expectEnd("the code section");
    return writer.finish();
  }

  #writeSection(writer: BinaryWriter, id: number, bodies: Uint8Array): void {
    const { space } = this.#parts;
    switch (id) {
      case SECTION.type:
        return this.#append(writer, id, AddedFunctions.typeCount, () => AddedFunctions.writeTypes(writer));
      case SECTION.function:
        return this.#append(writer, id, this.#added.count, () => this.#added.writeDeclarations(writer));
      case SECTION.table:
        return this.#writeTables(writer);
      case SECTION.memory:
        return this.#writeMemories(writer);
      case SECTION.global:
        checkGlobals(this.#bodies.reader(this.#reader(id)), space);
        return this.#append(writer, id, 1, () => writer.raw([VALUE_TYPE.i64, 1, OP.i64Const, 0, OP.end]));
      case SECTION.export:
        return this.#writeExports(writer);
      case SECTION.start:
        return;
      case SECTION.code:
        return this.#writeCode(writer, bodies);
      case SECTION.element:
        checkElements(this.#bodies.reader(this.#reader(id)), space);
        break;
      case SECTION.data:
        checkData(this.#bodies.reader(this.#reader(id)));
    }
    const section = this.#sections.get(id);
    if (section) writer.slice(this.#bytes, section.start, section.contents.end);
  }

  /** Writes a section with `count` more items than it has, which `write` writes. */
  #append(writer: BinaryWriter, id: number, count: number, write: () => void): void {
    const contents = this.#reader(id);
    writer.u8(id);
    writer.sized(() => {
      writer.u32(contents.u32() + count);
      writer.slice(contents.bytes, contents.offset, contents.end);
      write();
    });
  }

  #writeTables(writer: BinaryWriter): void {
    writer.u8(SECTION.table);
    writer.sized(() => {
      writer.u32(this.#tables.length + 1);
      for (const [i, { elements }] of this.#parts.tables.entries()) {
        writeValueType(writer, elements);
        writeLimits(writer, this.#tables[i] as Limits);
      }
      writer.u8(VALUE_TYPE.funcref);
      writeLimits(writer, { min: HOOK_COUNT, max: HOOK_COUNT });
    });
  }

  #writeMemories(writer: BinaryWriter): void {
    if (this.#memories.length === 0) return;
    writer.u8(SECTION.memory);
    writer.sized(() => {
      writer.u32(this.#memories.length);
      for (const memory of this.#memories) writeLimits(writer, memory);
    });
  }

  #writeExports(writer: BinaryWriter): void {
    const { start } = this.#parts;
    this.#append(writer, SECTION.export, start === undefined ? 2 : 3, () => {
      writeExport(writer, INSTRUMENT_EXPORT.fuel, EXPORTED.global, this.#added.fuel);
      writeExport(writer, INSTRUMENT_EXPORT.hook, EXPORTED.table, this.#added.hooks);
      if (start !== undefined) writeExport(writer, INSTRUMENT_EXPORT.start, EXPORTED.function, start);
    });
  }

  #writeCode(writer: BinaryWriter, bodies: Uint8Array): void {
    writer.u8(SECTION.code);
    writer.sized(() => {
      writer.u32(this.#parts.space.parameterCounts.length + this.#added.count);
      writer.raw(bodies);
      this.#added.writeBodies(writer);
    });
  }

  #copyCustoms(writer: BinaryWriter, behind: number): void {
    for (const { start, contents } of this.#customs.get(behind) ?? []) {
      const name = contents.clone().name();
      if (name === "name") writeNamesWithoutLabels(writer, contents);
      else writer.slice(this.#bytes, start, contents.end);
    }
  }
}

const EMPTY_VECTOR = Uint8Array.of(0);

const EXPORTED = { function: 0, table: 1, global: 3 } as const;

function writeExport(writer: BinaryWriter, name: string, kind: number, index: number): void {
  writer.name(name);
  writer.u8(kind);
  writer.u32(index);
}

/** Whether what a custom section of this name says still holds when the offsets in the code have changed. */
function staysTrue(name: string): boolean {
  return !/^(?:\.debug_|reloc\.|metadata\.code\.|(?:linking|sourceMappingURL|external_debug_info)$)/.test(
    name,
  );
}
