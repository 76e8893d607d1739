import type { BinaryReader } from "./binary.ts";
import { readExport, readImport, readTagType, readTypeIndex, type ExternKind } from "./externs.ts";
import { INSTRUMENT_EXPORT } from "./hooks.ts";
import type { IndexSpace } from "./index-space.ts";
import { readLimits, type Limits } from "./limits.ts";
import { SECTION, type Section } from "./sections.ts";
import { readTableType, type TableType } from "./table-type.ts";
import { readValueType } from "./value-type.ts";

/** What the rewrite needs to know of a module before it comes to the code. */
export interface ModuleParts {
  readonly space: IndexSpace;
  /** Those that the module defines. */
  readonly tables: readonly TableType[];
  /** Those that the module defines. */
  readonly memories: readonly Limits[];
  /** The index of the function that runs when the module is instantiated. */
  readonly start: number | undefined;
}

/** Counts by kind of what can be imported and exported. */
type Counts = Record<ExternKind, number>;

interface FunctionType {
  readonly parameters: number;
  readonly results: number;
}

/**
 * Reads the sections before the code, and holds every index in them against what the module has.
 *
 * @throws HostError BINARY_MALFORMED, BINARY_UNSUPPORTED
 */
export function readModuleParts(sections: ReadonlyMap<number, Section>): ModuleParts {
  return new PartsReader(sections).read();
}

class PartsReader {
  readonly #sections: ReadonlyMap<number, Section>;
  readonly #counts: Counts = { function: 0, table: 0, memory: 0, global: 0, tag: 0 };
  /** By function, imported ones first, the index of its type. */
  readonly #functionTypes: number[] = [];
  #types: readonly FunctionType[] = [];

  constructor(sections: ReadonlyMap<number, Section>) {
    this.#sections = sections;
  }

  read(): ModuleParts {
    this.#types = this.#vector(SECTION.type, (contents, i) => readFunctionType(contents, i));
    this.#vector(SECTION.import, (contents) => this.#import(contents));
    const importedFunctions = this.#counts.function;
    this.#vector(SECTION.function, (contents) => this.#define("function", this.#functionType(contents)));
    const tables = this.#vector(SECTION.table, (contents) =>
      this.#define("table", readTableType(contents, this.#types.length)),
    );
    const memories = this.#vector(SECTION.memory, (contents) =>
      this.#define("memory", readLimits(contents, "memory")),
    );
    this.#vector(SECTION.tag, (contents) => this.#define("tag", readTagType(contents, this.#types.length)));
    this.#counts.global += this.#sections.get(SECTION.global)?.contents.clone().u32() ?? 0;
    this.#vector(SECTION.export, (contents) => this.#export(contents));
    return { space: this.#space(importedFunctions), tables, memories, start: this.#start() };
  }

  #space(importedFunctions: number): IndexSpace {
    const parameterCounts = this.#functionTypes
      .slice(importedFunctions)
      .map((type) => (this.#types[type] as FunctionType).parameters);
    return {
      types: this.#types.length,
      functions: this.#counts.function,
      importedFunctions,
      tables: this.#counts.table,
      memories: this.#counts.memory,
      globals: this.#counts.global,
      parameterCounts,
    };
  }

  #vector<T>(id: number, read: (contents: BinaryReader, index: number) => T): readonly T[] {
    const contents = this.#sections.get(id)?.contents.clone();
    if (!contents) return [];
    const items = contents.vector((index) => read(contents, index));
    contents.expectEnd("a section");
    return items;
  }

  #define<T>(kind: ExternKind, definition: T): T {
    this.#counts[kind]++;
    return definition;
  }

  #functionType(contents: BinaryReader): void {
    this.#functionTypes.push(readTypeIndex(contents, this.#types.length));
  }

  #import(contents: BinaryReader): void {
    const { import: what, typeIndex } = readImport(contents, this.#types.length);
    this.#counts[what.kind]++;
    if (what.kind === "function") this.#functionTypes.push(typeIndex);
  }

  #export(contents: BinaryReader): void {
    const start = contents.offset;
    const { export: what, index } = readExport(contents);
    if (RESERVED_EXPORTS.has(what.name))
      contents.refuse(`an export of the reserved name ${what.name}`, start);
    if (index >= this.#counts[what.kind]) contents.fail(`there is no ${what.kind} ${index}`, start);
  }

  #start(): number | undefined {
    const contents = this.#sections.get(SECTION.start)?.contents.clone();
    if (!contents) return undefined;
    const index = contents.u32();
    contents.expectEnd("the start section");
    const type = this.#types[this.#functionTypes[index] ?? Infinity];
    // From now on it is an ordinary export, so the engine will not look at its type any more.
    if (type?.parameters !== 0 || type.results !== 0)
      contents.fail("the start function is none", contents.end);
    return index;
  }
}

const RESERVED_EXPORTS: ReadonlySet<string> = new Set(Object.values(INSTRUMENT_EXPORT));

const FUNCTION_FORM = 0x60;

const REFUSED_FORMS: ReadonlyMap<number, string> = new Map([
  [0x4e, "recursive types (garbage collection)"],
  [0x4f, "subtypes (garbage collection)"],
  [0x50, "subtypes (garbage collection)"],
  [0x5d, "continuations (stack switching)"],
  [0x5e, "arrays (garbage collection)"],
  [0x5f, "structs (garbage collection)"],
]);

/** Reads the type number `index`, which can only name those before it. */
function readFunctionType(contents: BinaryReader, index: number): FunctionType {
  const start = contents.offset;
  const form = contents.u8();
  if (form !== FUNCTION_FORM) {
    contents.refuse(REFUSED_FORMS.get(form) ?? `a type of the unknown form 0x${form.toString(16)}`, start);
  }
  return { parameters: skipValueTypes(contents, index), results: skipValueTypes(contents, index) };
}

function skipValueTypes(contents: BinaryReader, typeCount: number): number {
  const count = contents.u32();
  for (let i = 0; i < count; i++) readValueType(contents, typeCount);
  return count;
}
