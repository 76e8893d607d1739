import { BinaryReader } from "../../wasm/binary.ts";
import { moduleSectionsOf, SECTION } from "../../wasm/sections.ts";

/**
 * Holds a plain core module to what a component's modules are held to by what transpiles components.
 *
 * @throws HostError BINARY_UNSUPPORTED when it has exceptions of its own
 */
export function verifyPlain(bytes: Uint8Array, file: string): void {
  for (const { id, start, contents } of moduleSectionsOf(new BinaryReader(bytes, file))) {
    if (id === SECTION.tag) contents.refuse("exceptions of its own", start);
  }
}
