import type { BinaryReader } from "./binary.ts";
import { readLimits } from "./limits.ts";
import { readReferenceType, readValueType } from "./value-type.ts";

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

/** Reads an import. `typeIndex` is that of its function type, if it is a function or a tag. */
export function readImport(
  reader: BinaryReader,
  typeCount: number,
): { readonly import: ModuleImport; readonly typeIndex: number } {
  const module = reader.name();
  const name = reader.name();
  const kind = readExternKind(reader);
  return { import: { module, name, kind }, typeIndex: readImportType(reader, kind, typeCount) };
}

/** Reads an export. `index` is that of what is exported, and `nameEnd` where its name ends. */
export function readExport(reader: BinaryReader): {
  readonly export: ModuleExport;
  readonly index: number;
  readonly nameEnd: number;
} {
  const name = reader.name();
  const nameEnd = reader.offset;
  const kind = readExternKind(reader);
  return { export: { name, kind }, index: reader.u32(), nameEnd };
}

/** Reads the type of a tag: the index of a function type. */
export function readTagType(reader: BinaryReader, typeCount: number): number {
  const attribute = reader.u8();
  if (attribute !== 0) reader.refuse(`a tag of the unknown form ${attribute}`, reader.offset - 1);
  return readTypeIndex(reader, typeCount);
}

export function readTypeIndex(reader: BinaryReader, typeCount: number): number {
  const start = reader.offset;
  const index = reader.u32();
  if (index >= typeCount) reader.fail(`there is no type ${index}`, start);
  return index;
}

function readExternKind(reader: BinaryReader): ExternKind {
  const start = reader.offset;
  const code = reader.u8();
  return EXTERN_KINDS[code] ?? reader.refuse(`an import or export of the unknown kind ${code}`, start);
}

function readImportType(reader: BinaryReader, kind: ExternKind, typeCount: number): number {
  if (kind === "function") return readTypeIndex(reader, typeCount);
  if (kind === "tag") return readTagType(reader, typeCount);
  if (kind === "memory") {
    readLimits(reader, "memory");
  } else if (kind === "table") {
    readReferenceType(reader, typeCount);
    readLimits(reader, "table");
  } else {
    readValueType(reader, typeCount);
    reader.u8();
  }
  return 0;
}
