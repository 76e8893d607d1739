import { BinaryReader } from "./binary.ts";
import { CustomSectionCollector, type CustomSections } from "./custom-sections.ts";
import { readExport, readImport, type ModuleExport, type ModuleImport } from "./externs.ts";
import { verifyKind } from "./kind.ts";
import { readLimits, type Limits } from "./limits.ts";
import { moduleSectionsOf, SECTION } from "./sections.ts";
import { readTableType } from "./table-type.ts";
import { valueTypeName } from "./value-type.ts";

interface TableOutline extends Limits {
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
  verifyKind(bytes, file, "core-module");
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
    else if (id === SECTION.import) imports = contents.vector(() => readImport(contents, Infinity).import);
    else if (id === SECTION.export) exports = contents.vector(() => readExport(contents).export);
    else if (id === SECTION.memory) memories = contents.vector(() => readLimits(contents, "memory"));
    else if (id === SECTION.table) tables = contents.vector(() => outlineTable(contents));
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

function outlineTable(contents: BinaryReader): TableOutline {
  const { elements, limits } = readTableType(contents, Infinity);
  return { elements: valueTypeName(elements), ...limits };
}
