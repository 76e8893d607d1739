import type { BinaryReader } from "../binary.ts";
import type {
  ComponentFunction,
  ComponentInstance,
  ComponentSpace,
  CoreItem,
  LiftedFunction,
} from "./component-space.ts";
import { entryAt, readOuterType, readTypeBound, type TypeEntry } from "./type-reader.ts";

const CORE_SORT = { function: 0, memory: 2 } as const;
const SORT = { core: 0, function: 1, type: 3, instance: 5 } as const;

/** Reads how a core instance is made: of a module, or of what there is already. */
export function readCoreInstance(reader: BinaryReader, space: ComponentSpace): void {
  const start = reader.offset;
  const form = reader.u8();
  if (form === 0) {
    reader.u32();
    const given = reader.vector(() => {
      const name = reader.name();
      if (reader.u8() !== 0x12) reader.refuse("a core module that is given no instance");
      return [name, itemsOf(reader, space)] as const;
    });
    space.coreInstanceSpace.push(space.coreInstances.length);
    space.coreInstances.push(new Map(given));
  } else if (form === 1) {
    const bundle = reader.vector(() => [reader.name(), readCoreItem(reader, space)] as const);
    space.coreInstanceSpace.push(new Map(bundle));
  } else reader.refuse(`a core instance of the form ${form}`, start);
}

/** What an instance gives to another. All that one of a module exports is its own, and not told apart. */
function itemsOf(reader: BinaryReader, space: ComponentSpace): ReadonlyMap<string, CoreItem> {
  const instance = space.coreInstanceSpace[reader.u32()];
  if (instance === undefined) return reader.refuse("a core instance that is not there");
  return typeof instance === "number" ? new Map() : instance;
}

function readCoreItem(reader: BinaryReader, space: ComponentSpace): CoreItem {
  const sort = reader.u8();
  const index = reader.u32();
  if (sort !== CORE_SORT.function) return { from: "other" };
  return space.coreFunctions[index] ?? reader.refuse("a core function that is not there");
}

/** Reads a name for something that is within something else. */
export function readAlias(reader: BinaryReader, space: ComponentSpace): void {
  const start = reader.offset;
  const sort = reader.u8();
  const coreSort = sort === SORT.core ? reader.u8() : undefined;
  const target = reader.u8();
  if (target === 2 && sort === SORT.type) space.types.push(readOuterType(reader, space));
  else if (target === 1 && coreSort !== undefined) aliasCoreExport(reader, space, coreSort);
  else if (target === 0 && coreSort === undefined) aliasExport(reader, space, sort);
  else reader.refuse(`an alias of the form ${target}`, start);
}

function aliasCoreExport(reader: BinaryReader, space: ComponentSpace, sort: number): void {
  const instance = space.coreInstanceSpace[reader.u32()];
  const name = reader.name();
  if (typeof instance !== "number") return reader.refuse("an alias of what was bundled");
  const alias = { from: "export", instance, name } as const;
  if (sort === CORE_SORT.function) space.coreFunctions.push(alias);
  else if (sort === CORE_SORT.memory) space.coreMemories.push(alias);
}

function aliasExport(reader: BinaryReader, space: ComponentSpace, sort: number): void {
  const instance = space.instances[reader.u32()];
  const name = reader.name();
  const item = sort === SORT.function ? instance?.functions.get(name) : instance?.types.get(name);
  if (item === undefined) reader.refuse("an alias of what is not there");
  else if (sort === SORT.function) space.functions.push(item as ComponentFunction);
  else if (sort === SORT.type) space.types.push(item as TypeEntry);
  else reader.refuse(`an alias of the sort ${sort}`);
}

/** Reads what the component imports: interfaces. */
export function readImport(reader: BinaryReader, space: ComponentSpace): void {
  const start = reader.offset;
  reader.u8();
  const name = reader.name();
  const kind = reader.u8();
  if (kind === SORT.type) space.types.push(readTypeBound(reader, space, name));
  else if (kind === SORT.instance) {
    const { exports } = entryAt(reader, space, "instance");
    const functions = new Map<string, ComponentFunction>();
    for (const [exported, entry] of exports) {
      if (entry.sort === "function") {
        functions.set(exported, { from: "import", interface: name, name: exported, type: entry.type });
      }
      if (entry.sort === "resource") entry.interface ??= name;
    }
    space.instances.push({ functions, types: exports });
  } else reader.refuse(`an import of the kind ${kind}`, start);
}

/** Reads an instance of a component, or one of what there is already. */
export function readInlineInstance(reader: BinaryReader, space: ComponentSpace): void {
  const form = reader.u8();
  const component = form === 0 ? space.components[reader.u32()] : undefined;
  const functions = new Map<string, ComponentFunction>();
  const types = new Map<string, TypeEntry>();
  reader.vector(() => {
    if (form === 1) reader.u8();
    const name = reader.name();
    const sort = reader.u8();
    const index = reader.u32();
    const [func, type] = [space.functions[index], space.types[index]];
    if (sort === SORT.function && func) functions.set(name, func);
    else if (sort === SORT.type && type) types.set(name, type);
    else reader.refuse(`an instance of something of the sort ${sort}`);
  });
  if (form === 1) space.instances.push({ functions, types });
  else if (component) space.instances.push(handingOn(component, functions));
  else reader.refuse("an instance of a component that is not there");
}

/** An instance of a component that hands on what it is given. */
function handingOn(
  { functions, types }: ComponentInstance,
  args: ReadonlyMap<string, ComponentFunction>,
): ComponentInstance {
  const exported = new Map<string, ComponentFunction>();
  for (const [name, func] of functions) {
    const handed = func.from === "argument" ? args.get(func.name) : func;
    if (handed) exported.set(name, handed);
  }
  return { functions: exported, types };
}

/** Reads what the component exports: interfaces. */
export function readExport(reader: BinaryReader, space: ComponentSpace): void {
  const start = reader.offset;
  reader.u8();
  const name = reader.name();
  const sort = reader.u8();
  const instance = sort === SORT.instance ? space.instances[reader.u32()] : undefined;
  if (!instance || reader.u8() !== 0) return reader.refuse("an export that is no plain interface", start);
  const lifted = [...instance.functions].filter(
    (entry): entry is [string, LiftedFunction] => entry[1].from === "lift",
  );
  space.exports.set(name, new Map(lifted));
  // An export can be spoken of like anything else.
  space.instances.push(instance);
}
