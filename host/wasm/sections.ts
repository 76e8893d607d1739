import { HEADER_BYTES } from "./kind.ts";
import { BinaryReader } from "./binary.ts";

/** One section of a core module or of a component. */
export interface Section {
  /** The number that says what kind of section it is: 0 is a custom section in both. */
  readonly id: number;
  /** The offset of the byte that holds `id`. */
  readonly start: number;
  /** Reads what the section holds. */
  readonly contents: BinaryReader;
}

/** The numbers of the sections of a core module. */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The sections of a core module in the order in which they must stand; custom sections stand anywhere. */
export const SECTION_ORDER: readonly number[] = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.tag,
  SECTION.global,
  SECTION.export,
  SECTION.start,
  SECTION.element,
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
];

/** The sections of a core module or component that `reader` stands at the header of, in file order. */
export function* sectionsOf(reader: BinaryReader): Generator<Section, void, undefined> {
  reader.skip(HEADER_BYTES);
  while (!reader.atEnd) {
    const start = reader.offset;
    const id = reader.u8();
    yield { id, start, contents: reader.sub(reader.u32()) };
  }
}

/**
 * The sections of a core module, in file order.
 *
 * @throws HostError BINARY_UNSUPPORTED when there is a section of an unknown kind
 * @throws HostError BINARY_MALFORMED when a section stands twice or in the wrong place
 */
export function* moduleSectionsOf(reader: BinaryReader): Generator<Section, void, undefined> {
  let lastPlace = -1;
  for (const section of sectionsOf(reader)) {
    if (section.id !== SECTION.custom) {
      const place = SECTION_ORDER.indexOf(section.id);
      if (place < 0) reader.refuse(`a section of the unknown kind ${section.id}`, section.start);
      if (place <= lastPlace) reader.fail(`section ${section.id} stands twice or too late`, section.start);
      lastPlace = place;
    }
    yield section;
  }
}
