import type { BinaryReader } from "../binary.ts";
import { sectionsOf } from "../sections.ts";
import { type ComponentFunction, type ComponentInstance, ComponentSpace } from "./component-space.ts";
import { entryAt, readType, readTypeBound, type TypeEntry, type TypeScope } from "./type-reader.ts";

const SECTION = { custom: 0, type: 7, import: 10, export: 11 } as const;
const HANDED_ON: ReadonlySet<number> = new Set([SECTION.type, SECTION.import, SECTION.export]);
const SORT = { function: 1, type: 3 } as const;

/**
 * Reads a component within another one, of the kind that only hands on what it is given, by other names and
 * with names for its types.
 *
 * @throws HostError BINARY_UNSUPPORTED when it does more than that
 */
export function readNestedComponent(contents: BinaryReader, outer: TypeScope): ComponentInstance {
  const space = new ComponentSpace(outer);
  const functions = new Map<string, ComponentFunction>();
  const types = new Map<string, TypeEntry>();
  for (const { id, start, contents: section } of sectionsOf(contents)) {
    if (id === SECTION.custom) continue;
    // Before anything of it is read: a module begins with a zero, and would pass for a list of nothing.
    if (!HANDED_ON.has(id)) section.refuse(`a component within it with a section of the kind ${id}`, start);
    section.vector(() => {
      if (id === SECTION.type) space.types.push(readType(section, space));
      else if (id === SECTION.import) readArgument(section, space);
      else readNestedExport(section, space, functions, types);
    });
  }
  return { functions, types };
}

function readArgument(reader: BinaryReader, space: ComponentSpace): void {
  const start = reader.offset;
  reader.u8();
  const name = reader.name();
  const kind = reader.u8();
  if (kind === SORT.function) {
    entryAt(reader, space, "function");
    space.functions.push({ from: "argument", name });
  } else if (kind === SORT.type) space.types.push(readTypeBound(reader, space, name));
  else reader.refuse(`a component within it that is given something of the kind ${kind}`, start);
}

function readNestedExport(
  reader: BinaryReader,
  space: ComponentSpace,
  functions: Map<string, ComponentFunction>,
  types: Map<string, TypeEntry>,
): void {
  const start = reader.offset;
  reader.u8();
  const name = reader.name();
  const sort = reader.u8();
  const index = reader.u32();
  const [func, type] = [space.functions[index], space.types[index]];
  if (reader.u8() === 1) skipAscription(reader, space, name);
  if (sort === SORT.function && func) {
    functions.set(name, func);
    space.functions.push(func);
  } else if (sort === SORT.type && type) {
    types.set(name, type);
    space.types.push(type);
  } else reader.refuse(`a component within it that exports something of the sort ${sort}`, start);
}

/** The type that something is said to have; what it has is known. */
function skipAscription(reader: BinaryReader, space: ComponentSpace, name: string): void {
  const kind = reader.u8();
  if (kind === SORT.function) entryAt(reader, space, "function");
  else if (kind === SORT.type) readTypeBound(reader, space, name);
  else reader.refuse(`an export of the kind ${kind}`);
}
