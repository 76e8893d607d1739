import { HostError } from "../core/error.ts";
import { BinaryReader } from "./binary.ts";

/** What a WebAssembly file can be: a component, or a core module as most compilers make them. */
export type BinaryKind = "component" | "core-module";

/** Bytes of the header that every WebAssembly file starts with. */
export const HEADER_BYTES = 8;

const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/**
 * Throws unless the bytes start as `expected` does.
 *
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED
 * @throws HostError BINARY_KIND when they are the other kind
 * @throws HostError BINARY_UNSUPPORTED when they are of another version
 */
export function verifyKind(bytes: Uint8Array, file: string, expected: BinaryKind): void {
  const found = kindOf(bytes, file);
  if (found !== expected) throw new HostError("BINARY_KIND", { file, found, expected });
}

/**
 * Tells a component from a core module by the eight bytes of its header, and nothing else.
 *
 * `file` is what to call the bytes in messages.
 *
 * @throws HostError BINARY_NOT_WASM when they do not start as WebAssembly does
 * @throws HostError BINARY_MALFORMED when they end within the header
 * @throws HostError BINARY_UNSUPPORTED when the header is that of another version of WebAssembly
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
export function kindOf(bytes: Uint8Array, file: string): BinaryKind {
  if (bytes.length < MAGIC.length || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new HostError("BINARY_NOT_WASM", { file, found: new TextDecoder().decode(bytes.subarray(0, 8)) });
  }
  const reader = new BinaryReader(bytes, file, MAGIC.length);
  const version = reader.u8() | (reader.u8() << 8);
  const layer = reader.u8() | (reader.u8() << 8);
  if (layer === 0 && version === 1) return "core-module";
  if (layer === 1 && version === 13) return "component";
  return reader.refuse(`version ${version} of layer ${layer} of WebAssembly`, MAGIC.length);
}
