import type { BinaryReader } from "../binary.ts";
import type { WitFunction, WitMember, WitPrimitive, WitType } from "./wit-type.ts";

/** A resource that an imported interface declares. */
export interface ResourceType {
  readonly sort: "resource";
  readonly name: string;
  /** The first interface that it was imported with: others may have it by another name for it. */
  interface: string | undefined;
}

/** What an index into a component's types may mean. */
export type TypeEntry =
  | { readonly sort: "value"; readonly type: WitType }
  | { readonly sort: "function"; readonly type: WitFunction }
  | { readonly sort: "instance"; readonly exports: InstanceType }
  | ResourceType;

/** What instances of a type export, by name. */
export type InstanceType = ReadonlyMap<string, TypeEntry>;

/** The types of a component or of an instance type, and of what it stands in, innermost first. */
export interface TypeScope {
  readonly types: TypeEntry[];
  readonly outer: TypeScope | undefined;
}

const PRIMITIVES: ReadonlyMap<number, WitPrimitive> = new Map([
  [0x7f, "bool"],
  [0x7d, "u8"],
  [0x7b, "u16"],
  [0x79, "u32"],
  [0x77, "u64"],
  [0x73, "string"],
]);

const OTHER: WitType = { kind: "other" };

/** Types of one byte: signed integers, floats, characters, error contexts. */
const isPrimitive = (code: number): boolean => code >= 0x73 && code <= 0x7f;

const FORM = {
  record: 0x72,
  variant: 0x71,
  list: 0x70,
  tuple: 0x6f,
  flags: 0x6e,
  enum: 0x6d,
  option: 0x6b,
  result: 0x6a,
  own: 0x69,
  borrow: 0x68,
  instance: 0x42,
  function: 0x40,
} as const;

/**
 * Reads the definition of a type, as it stands in a component's section of types.
 *
 * @throws HostError BINARY_MALFORMED, BINARY_UNSUPPORTED
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#type-definitions
 */
export function readType(reader: BinaryReader, scope: TypeScope): TypeEntry {
  const start = reader.offset;
  const code = reader.u8();
  if (code === FORM.function) return { sort: "function", type: readFunction(reader, scope) };
  if (code === FORM.instance) return { sort: "instance", exports: readInstanceType(reader, scope) };
  return { sort: "value", type: readDefinition(reader, scope, code, start) };
}

function readDefinition(reader: BinaryReader, scope: TypeScope, code: number, start: number): WitType {
  switch (code) {
    case FORM.record:
      return { kind: "record", fields: reader.vector(() => readField(reader, scope)) };
    case FORM.variant:
      return { kind: "variant", cases: reader.vector(() => readCase(reader, scope)) };
    case FORM.list:
      return { kind: "list", item: readValueType(reader, scope) };
    case FORM.tuple:
      return { kind: "tuple", items: reader.vector(() => readValueType(reader, scope)) };
    case FORM.flags:
      return { kind: "flags", names: reader.vector(() => reader.name()) };
    case FORM.enum:
      return { kind: "enum", names: reader.vector(() => reader.name()) };
    case FORM.option:
      return { kind: "option", some: readValueType(reader, scope) };
    case FORM.result:
      return { kind: "result", ok: readOptional(reader, scope), err: readOptional(reader, scope) };
    case FORM.own:
    case FORM.borrow: {
      const resource = entryAt(reader, scope, "resource");
      return { kind: code === FORM.own ? "own" : "borrow", resource: resource.name };
    }
    default:
      if (isPrimitive(code)) return primitive(code);
      return reader.refuse(`a type of the unknown form ${code}`, start);
  }
}

/** The entry whose index comes next, which must be of a sort. */
export function entryAt<Sort extends TypeEntry["sort"]>(
  reader: BinaryReader,
  { types }: TypeScope,
  sort: Sort,
): Extract<TypeEntry, { sort: Sort }> {
  const start = reader.offset;
  const entry = types[reader.u32()];
  if (entry?.sort !== sort) return reader.refuse(`no ${sort} where the type of one is due`, start);
  return entry as Extract<TypeEntry, { sort: Sort }>;
}

/** A type that stands in the place of another one: behind `(alias outer …)`. */
export function readOuterType(reader: BinaryReader, scope: TypeScope): TypeEntry {
  const start = reader.offset;
  let from: TypeScope | undefined = scope;
  for (let levels = reader.u32(); levels > 0; levels--) from = from?.outer;
  return from?.types[reader.u32()] ?? reader.refuse("a type of a component that is not around", start);
}

/** A type that is imported or exported by a name: one that is known, or a resource of which nothing else is. */
export function readTypeBound(reader: BinaryReader, { types }: TypeScope, name: string): TypeEntry {
  const start = reader.offset;
  if (reader.u8() === 1) return { sort: "resource", name, interface: undefined };
  return types[reader.u32()] ?? reader.refuse("a bound by a type that is not there", start);
}

function readFunction(reader: BinaryReader, scope: TypeScope): WitFunction {
  const params = reader.vector(() => readField(reader, scope)[1]);
  const hasNone = reader.u8() === 1;
  if (!hasNone) return { params, result: readValueType(reader, scope) };
  if (reader.u8() !== 0) reader.refuse("a function with several results");
  return { params, result: undefined };
}

function readField(reader: BinaryReader, scope: TypeScope): WitMember {
  return [reader.name(), readValueType(reader, scope)];
}

function readCase(reader: BinaryReader, scope: TypeScope): WitMember<WitType | undefined> {
  const named = [reader.name(), readOptional(reader, scope)] as const;
  if (reader.u8() !== 0) reader.refuse("a case that refines another");
  return named;
}

function readOptional(reader: BinaryReader, scope: TypeScope): WitType | undefined {
  return reader.u8() === 0 ? undefined : readValueType(reader, scope);
}

function readValueType(reader: BinaryReader, scope: TypeScope): WitType {
  const code = reader.peek();
  if (!isPrimitive(code)) return entryAt(reader, scope, "value").type;
  reader.u8();
  return primitive(code);
}

function primitive(code: number): WitType {
  const kind = PRIMITIVES.get(code);
  return kind ? { kind } : OTHER;
}

const DECLARATION = { type: 1, alias: 2, export: 4 } as const;

function readInstanceType(reader: BinaryReader, outer: TypeScope): InstanceType {
  const scope: TypeScope = { types: [], outer };
  const exports = new Map<string, TypeEntry>();
  reader.vector(() => {
    const start = reader.offset;
    const declaration = reader.u8();
    if (declaration === DECLARATION.type) scope.types.push(readType(reader, scope));
    else if (declaration === DECLARATION.alias) scope.types.push(readTypeAlias(reader, scope));
    else if (declaration === DECLARATION.export) readTypeExport(reader, scope, exports);
    else reader.refuse(`an instance type with a declaration of the form ${declaration}`, start);
  });
  return exports;
}

function readTypeAlias(reader: BinaryReader, scope: TypeScope): TypeEntry {
  const start = reader.offset;
  if (reader.u8() !== 3 || reader.u8() !== 2) reader.refuse("an alias of what is no outer type", start);
  return readOuterType(reader, scope);
}

function readTypeExport(reader: BinaryReader, scope: TypeScope, exports: Map<string, TypeEntry>): void {
  const start = reader.offset;
  reader.u8();
  const name = reader.name();
  const kind = reader.u8();
  if (kind === 1) exports.set(name, entryAt(reader, scope, "function"));
  else if (kind === 3) {
    const entry = readTypeBound(reader, scope, name);
    scope.types.push(entry);
    exports.set(name, entry);
  } else reader.refuse(`an instance type that exports something of the kind ${kind}`, start);
}
