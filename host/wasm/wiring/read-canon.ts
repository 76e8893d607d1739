import type { BinaryReader } from "../binary.ts";
import type { CanonOptions, ComponentSpace, CoreExport } from "./component-space.ts";
import { entryAt } from "./type-reader.ts";

const CANON = { lift: 0, lower: 1, resourceDrop: 3 } as const;

/**
 * Reads a definition by the canonical ABI: a function of core modules that becomes one of the component, or
 * the other way round.
 */
export function readCanon(reader: BinaryReader, space: ComponentSpace): void {
  const start = reader.offset;
  const form = reader.u8();
  if (form === CANON.lift && reader.u8() === 0) {
    const core = exported(reader, space.coreFunctions[reader.u32()]);
    const options = readOptions(reader, space);
    const { type } = entryAt(reader, space, "function");
    space.functions.push({ from: "lift", core, type, options });
  } else if (form === CANON.lower && reader.u8() === 0) {
    const imported = space.functions[reader.u32()];
    if (imported?.from !== "import") return reader.refuse("a lowered function that is not imported", start);
    lower(space, { from: "import", imported, options: readOptions(reader, space) });
  } else if (form === CANON.resourceDrop) {
    lower(space, { from: "drop", resource: entryAt(reader, space, "resource") });
  } else reader.refuse(`a canonical definition of the form ${form}`, start);
}

function lower(space: ComponentSpace, lowered: ComponentSpace["lowered"][number]): void {
  space.coreFunctions.push(lowered);
  space.lowered.push(lowered);
}

const OPTION = { utf8: 0, memory: 3, realloc: 4, postReturn: 5 } as const;

function readOptions(reader: BinaryReader, space: ComponentSpace): CanonOptions {
  const options: { -readonly [Key in keyof CanonOptions]: CanonOptions[Key] } = {};
  reader.vector(() => {
    const start = reader.offset;
    const option = reader.u8();
    if (option === OPTION.utf8) return;
    if (option === OPTION.memory) options.memory = exported(reader, space.coreMemories[reader.u32()]);
    else if (option === OPTION.realloc) options.realloc = exported(reader, space.coreFunctions[reader.u32()]);
    else if (option === OPTION.postReturn)
      options.postReturn = exported(reader, space.coreFunctions[reader.u32()]);
    else reader.refuse(`a canonical option of the form ${option}`, start);
  });
  return options;
}

function exported(
  reader: BinaryReader,
  item: ComponentSpace["coreFunctions"][number] | undefined,
): CoreExport {
  if (item?.from === "export") return item;
  return reader.refuse("something that no core instance exports");
}
