import { BinaryReader } from "./binary.ts";
import { CustomSectionCollector, type CustomSections } from "./custom-sections.ts";
import { kindOf, verifyKind } from "./kind.ts";
import { readModuleOutline, type ModuleOutline } from "./module-outline.ts";
import { sectionsOf } from "./sections.ts";

/** What a component can import and export. */
type ComponentExternKind = "core-module" | "function" | "value" | "type" | "component" | "instance";

const KINDS: readonly ComponentExternKind[] = [
  "core-module",
  "function",
  "value",
  "type",
  "component",
  "instance",
];

export interface ComponentExtern {
  /** For an interface its full name, such as `tusk:plugin/http-plugin@0.1.0`: see `parseInterfaceName`. */
  readonly name: string;
  readonly kind: ComponentExternKind;
}

/** A core module inside a component. */
interface EmbeddedModule {
  /** Where it begins in the file; it is a whole core module from there on. */
  readonly start: number;
  readonly sizeBytes: number;
  readonly outline: ModuleOutline;
}

/** What a component shows from outside. */
export interface ComponentOutline {
  /** Of the outermost component. */
  readonly imports: readonly ComponentExtern[];
  /** Of the outermost component. */
  readonly exports: readonly ComponentExtern[];
  /** Those at any depth, in file order. */
  readonly coreModules: readonly EmbeddedModule[];
  /** Components inside it, at any depth. */
  readonly nestedComponents: number;
  /** Of the outermost component. */
  readonly custom: CustomSections;
}

const MAX_DEPTH = 32;

const SECTION = { custom: 0, coreModule: 1, component: 4, import: 10, export: 11, last: 12 } as const;

/**
 * Reads the outline of a component, in time linear in its size, without compiling anything.
 *
 * `file` is what to call the bytes in messages.
 *
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
export function decodeComponent(bytes: Uint8Array, file: string): ComponentOutline {
  verifyKind(bytes, file, "component");
  const inside: Inside = { coreModules: [], nestedComponents: 0 };
  const own = readComponent(new BinaryReader(bytes, file), inside, 0);
  return { ...own, ...inside };
}

/** What is gathered over all depths. */
interface Inside {
  readonly coreModules: EmbeddedModule[];
  nestedComponents: number;
}

function readComponent(
  reader: BinaryReader,
  inside: Inside,
  depth: number,
): Pick<ComponentOutline, "imports" | "exports" | "custom"> {
  const imports: ComponentExtern[] = [];
  const exports: ComponentExtern[] = [];
  const custom = new CustomSectionCollector();
  for (const { id, start, contents } of sectionsOf(reader)) {
    if (id > SECTION.last) reader.refuse(`a component section of the unknown kind ${id}`, start);
    if (id === SECTION.custom) custom.add(contents);
    else if (id === SECTION.coreModule) inside.coreModules.push(readEmbeddedModule(contents));
    else if (id === SECTION.component) readNested(contents, inside, depth + 1);
    else if (id === SECTION.import) readExterns(contents, imports, readImport);
    else if (id === SECTION.export) readExterns(contents, exports, readExport);
  }
  return { imports, exports, custom: custom.finish() };
}

function readNested(contents: BinaryReader, inside: Inside, depth: number): void {
  if (depth > MAX_DEPTH) contents.refuse(`components nested more than ${MAX_DEPTH} deep`);
  expectKind(contents, "component");
  inside.nestedComponents++;
  readComponent(contents, inside, depth);
}

function readEmbeddedModule(contents: BinaryReader): EmbeddedModule {
  expectKind(contents, "core-module");
  const start = contents.offset;
  return { start, sizeBytes: contents.end - start, outline: readModuleOutline(contents) };
}

function expectKind(contents: BinaryReader, kind: ReturnType<typeof kindOf>): void {
  const bytes = contents.bytes.subarray(contents.offset, contents.end);
  const magic = [0x00, 0x61, 0x73, 0x6d];
  if (magic.some((byte, i) => bytes[i] !== byte)) contents.fail(`expected the header of a ${kind}`);
  if (kindOf(bytes, contents.file) !== kind) contents.fail(`expected the header of a ${kind}`);
}

function readExterns(
  contents: BinaryReader,
  into: ComponentExtern[],
  read: (reader: BinaryReader) => ComponentExtern,
): void {
  for (const item of contents.vector(() => read(contents))) into.push(item);
  contents.expectEnd("a section");
}

function readImport(reader: BinaryReader): ComponentExtern {
  const name = readExternName(reader);
  return { name, kind: readExternType(reader) };
}

function readExport(reader: BinaryReader): ComponentExtern {
  const name = readExternName(reader);
  const kind = readKind(reader);
  reader.u32();
  const hasType = reader.u8();
  if (hasType > 1) reader.fail("expected whether an export has a type", reader.offset - 1);
  if (hasType === 1) readExternType(reader);
  return { name, kind };
}

function readExternName(reader: BinaryReader): string {
  const start = reader.offset;
  const form = reader.u8();
  // Both mean a plain name: older tools wrote 1 for the name of an interface.
  if (form > 1) reader.refuse(`a name of the unknown form ${form}`, start);
  return reader.name();
}

/** A kind, where a core sort (of two bytes) can only be a core module. */
function readKind(reader: BinaryReader): ComponentExternKind {
  const start = reader.offset;
  const code = reader.u8();
  const kind = KINDS[code] ?? reader.refuse(`an import or export of the unknown kind ${code}`, start);
  if (kind === "core-module" && reader.u8() !== 0x11)
    reader.refuse("a core value at a component's edge", start);
  return kind;
}

/** Reads the type of an import or export, of which only the kind is told. */
function readExternType(reader: BinaryReader): ComponentExternKind {
  const kind = readKind(reader);
  if (kind === "type") skipTypeBound(reader);
  else if (kind === "value") skipValueBound(reader);
  else reader.u32();
  return kind;
}

function skipTypeBound(reader: BinaryReader): void {
  const start = reader.offset;
  const bound = reader.u8();
  if (bound > 1) reader.refuse(`a type bound of the unknown form ${bound}`, start);
  if (bound === 0) reader.u32();
}

function skipValueBound(reader: BinaryReader): void {
  const start = reader.offset;
  const bound = reader.u8();
  if (bound > 1) reader.refuse(`a value bound of the unknown form ${bound}`, start);
  if (bound === 0) reader.u32();
  else reader.s33();
}
