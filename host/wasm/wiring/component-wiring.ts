import { BinaryReader } from "../binary.ts";
import { sectionsOf } from "../sections.ts";
import {
  type LoweredFunction,
  type CoreItem,
  ComponentSpace,
  type LiftedFunction,
} from "./component-space.ts";
import { readNestedComponent } from "./nested-component.ts";
import { readCanon } from "./read-canon.ts";
import { readAlias, readCoreInstance, readExport, readImport, readInlineInstance } from "./read-section.ts";
import { readType } from "./type-reader.ts";

export type { LoweredFunction, CoreItem, LiftedFunction } from "./component-space.ts";

/** How the core modules of a component are joined to each other and to the outside. */
export interface ComponentWiring {
  /**
   * What each core instance is given, in the order in which they are made: by the names of the core imports.
   */
  readonly coreInstances: readonly ReadonlyMap<string, ReadonlyMap<string, CoreItem>>[];
  /** The functions that are exported, by interface and name. */
  readonly exports: ReadonlyMap<string, ReadonlyMap<string, LiftedFunction>>;
  /** All functions that core modules are given of the outside, or of the component model itself. */
  readonly lowered: readonly LoweredFunction[];
}

const SECTION = {
  custom: 0,
  coreModule: 1,
  coreInstance: 2,
  component: 4,
  instance: 5,
  alias: 6,
  type: 7,
  canon: 8,
  import: 10,
  export: 11,
} as const;

/**
 * Reads how a component is wired, if it is wired as compilers do it: core modules side by side, and components
 * within it only to give types their names. Takes time linear in the size of what it reads.
 *
 * @param bytes A component that is known to be valid.
 * @throws HostError BINARY_UNSUPPORTED, BINARY_MALFORMED when it is wired otherwise
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
export function readWiring(bytes: Uint8Array, file: string): ComponentWiring {
  const space = new ComponentSpace();
  for (const { id, start, contents } of sectionsOf(new BinaryReader(bytes, file))) {
    if (id === SECTION.custom || id === SECTION.coreModule) continue;
    if (id === SECTION.component) space.components.push(readNestedComponent(contents, space));
    else readSection(contents, id, start, space);
  }
  return space;
}

function readSection(contents: BinaryReader, id: number, start: number, space: ComponentSpace): void {
  const read = READERS.get(id) ?? contents.refuse(`a component section of the kind ${id}`, start);
  contents.vector(() => read(contents, space));
}

const READERS: ReadonlyMap<number, (reader: BinaryReader, space: ComponentSpace) => void> = new Map([
  [SECTION.coreInstance, readCoreInstance],
  [SECTION.instance, readInlineInstance],
  [SECTION.alias, readAlias],
  [SECTION.type, (reader, space) => void space.types.push(readType(reader, space))],
  [SECTION.canon, readCanon],
  [SECTION.import, readImport],
  [SECTION.export, readExport],
]);
