import { BinaryReader } from "./binary.ts";
import { CustomSectionCollector, type CustomSections } from "./custom-sections.ts";
import { kindOf } from "./kind.ts";
import { readLimits, type Limits } from "./limits.ts";
import { moduleSectionsOf, SECTION } from "./sections.ts";
import { readReferenceType, readValueType, valueTypeName } from "./value-type.ts";

/** What a core module can import and export. */
export type ExternKind = "function" | "table" | "memory" | "global" | "tag";

const EXTERN_KINDS: readonly ExternKind[] = ["function", "table", "memory", "global", "tag"];

export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
}

export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternKind;
}

export interface TableOutline extends Limits {
  /** The type of its elements as in the text format, such as `funcref`. */
  readonly elements: string;
}

/** What a core module says of itself from outside its code. Memories are counted in pages of 64 KiB. */
export interface ModuleOutline {
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  /** Those that it defines; imported ones are in `imports`. */
  readonly memories: readonly Limits[];
  /** Those that it defines; imported ones are in `imports`. */
  readonly tables: readonly TableOutline[];
  /** Functions that it defines. */
  readonly functionCount: number;
  /** Whether code of its own runs as soon as it is instantiated. */
  readonly hasStart: boolean;
  readonly custom: CustomSections;
}

/**
 * Reads the outline of a core module, in time linear in its size, without compiling or looking at its code.
 *
 * `file` is what to call the bytes in messages.
 *
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED
 */
export function decodeModule(bytes: Uint8Array, file: string): ModuleOutline {
  if (kindOf(bytes, file) !== "core-module") {
    new BinaryReader(bytes, file).refuse("a component where a core module is expected", 4);
  }
  return readModuleOutline(new BinaryReader(bytes, file));
}

/** The same for a module that is part of a file: `reader` stands at its header and ends with it. */
export function readModuleOutline(reader: BinaryReader): ModuleOutline {
  let imports: readonly ModuleImport[] = [];
  let exports: readonly ModuleExport[] = [];
  let memories: readonly Limits[] = [];
  let tables: readonly TableOutline[] = [];
  let functionCount = 0;
  let hasStart = false;
  const custom = new CustomSectionCollector();
  for (const { id, contents } of moduleSectionsOf(reader)) {
    if (id === SECTION.custom) custom.add(contents);
    else if (id === SECTION.function) functionCount = contents.u32();
    else if (id === SECTION.start) hasStart = true;
    else if (id === SECTION.import) imports = contents.vector(() => readImport(contents));
    else if (id === SECTION.export) exports = contents.vector(() => readExport(contents));
    else if (id === SECTION.memory) memories = contents.vector(() => readLimits(contents, "memory"));
    else if (id === SECTION.table) tables = contents.vector(() => readTable(contents));
    else continue;
    if (OUTLINED_WHOLE.has(id)) contents.expectEnd("a section");
  }
  return { imports, exports, memories, tables, functionCount, hasStart, custom: custom.finish() };
}

const OUTLINED_WHOLE: ReadonlySet<number> = new Set([
  SECTION.import,
  SECTION.export,
  SECTION.memory,
  SECTION.table,
]);

export function readExternKind(reader: BinaryReader): ExternKind {
  const start = reader.offset;
  const code = reader.u8();
  return EXTERN_KINDS[code] ?? reader.refuse(`an import or export of the unknown kind ${code}`, start);
}

function readImport(reader: BinaryReader): ModuleImport {
  const module = reader.name();
  const name = reader.name();
  const kind = readExternKind(reader);
  skipImportType(reader, kind);
  return { module, name, kind };
}

function skipImportType(reader: BinaryReader, kind: ExternKind): void {
  switch (kind) {
    case "function":
      reader.u32();
      return;
    case "table":
      readReferenceType(reader);
      readLimits(reader, "table");
      return;
    case "memory":
      readLimits(reader, "memory");
      return;
    case "global":
      readValueType(reader);
      reader.u8();
      return;
    case "tag":
      reader.u8();
      reader.u32();
  }
}

function readExport(reader: BinaryReader): ModuleExport {
  const name = reader.name();
  const kind = readExternKind(reader);
  reader.u32();
  return { name, kind };
}

function readTable(reader: BinaryReader): TableOutline {
  // Typed function references brought a longer form, with a first value for every element.
  if (reader.peek() === 0x40) reader.refuse("a table with a first value for its elements");
  const elements = valueTypeName(readReferenceType(reader));
  return { elements, ...readLimits(reader, "table") };
}
