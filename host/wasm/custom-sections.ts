import { HostError } from "../core/error.ts";
import type { BinaryReader } from "./binary.ts";

/** What made a binary, as it says itself: by field ("language", "processed-by", "sdk"), names and versions. */
export type Producers = ReadonlyMap<string, readonly { readonly name: string; readonly version: string }[]>;

/** What a core module or component says about itself in custom sections: claims, not facts. */
export interface CustomSections {
  /** Of every custom section, in file order, twice if there twice. */
  readonly names: readonly string[];
  /** Empty if there is no `producers` section or it cannot be read. */
  readonly producers: Producers;
  /** From the `name` or `component-name` section, if there is one that can be read. */
  readonly name: string | undefined;
}

/** Collects the custom sections of one core module or component. */
export class CustomSectionCollector {
  readonly #names: string[] = [];
  #producers: Producers = new Map();
  #name: string | undefined;

  /** Takes in a custom section, standing at its name. */
  add(contents: BinaryReader): void {
    const sectionName = contents.name();
    this.#names.push(sectionName);
    if (sectionName === "producers")
      this.#producers = leniently(() => readProducers(contents)) ?? this.#producers;
    if (sectionName === "name" || sectionName === "component-name") {
      this.#name = leniently(() => readOwnName(contents)) ?? this.#name;
    }
  }

  finish(): CustomSections {
    return { names: this.#names, producers: this.#producers, name: this.#name };
  }
}

/** @see https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md */
function readProducers(reader: BinaryReader): Producers {
  const fields = reader.vector(() => {
    const field = reader.name();
    return [field, reader.vector(() => ({ name: reader.name(), version: reader.name() }))] as const;
  });
  return new Map(fields);
}

/** The name of the whole, which is subsection 0 and comes first. */
function readOwnName(reader: BinaryReader): string | undefined {
  if (reader.atEnd || reader.u8() !== 0) return undefined;
  return reader.sub(reader.u32()).name();
}

// The specification has engines ignore a custom section that they cannot read, and so do we.
function leniently<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (HostError.is(error)) return undefined;
    throw error;
  }
}
