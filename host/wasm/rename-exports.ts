import { BinaryReader, BinaryWriter } from "./binary.ts";
import { readExport, type ExternKind } from "./externs.ts";
import { verifyKind } from "./kind.ts";
import { moduleSectionsOf, SECTION } from "./sections.ts";

/**
 * Gives the exports of a core module other names; everything else stays as it is, byte for byte.
 *
 * AssemblyScript cannot spell the names that WIT asks for (`tusk:plugin/http-plugin@0.1.0#handle-request`), so
 * its modules are renamed after they were compiled. `rename` returns the new name, or the same one.
 *
 * @throws HostError BINARY_NOT_WASM, BINARY_UNSUPPORTED
 * @throws HostError BINARY_MALFORMED when the module is, or when two exports would have one name
 */
export function renameExports(
  bytes: Uint8Array,
  file: string,
  rename: (name: string, kind: ExternKind) => string,
): Uint8Array<ArrayBuffer> {
  verifyKind(bytes, file, "core-module");
  const writer = new BinaryWriter(bytes.length + 4096);
  let copied = 0;
  for (const { id, start, contents } of moduleSectionsOf(new BinaryReader(bytes, file))) {
    if (id !== SECTION.export) continue;
    writer.slice(bytes, copied, start);
    writer.u8(SECTION.export);
    writer.sized(() => renameAll(contents, writer, rename));
    copied = contents.end;
  }
  writer.slice(bytes, copied, bytes.length);
  return writer.finish();
}

function renameAll(
  contents: BinaryReader,
  writer: BinaryWriter,
  rename: (name: string, kind: ExternKind) => string,
): void {
  const names = new Set<string>();
  const count = contents.u32();
  writer.u32(count);
  for (let i = 0; i < count; i++) {
    const start = contents.offset;
    const { export: old, nameEnd } = readExport(contents);
    const newName = rename(old.name, old.kind);
    if (names.has(newName)) contents.fail(`two exports are named ${newName}`, start);
    names.add(newName);
    writer.name(newName);
    writer.slice(contents.bytes, nameEnd, contents.offset);
  }
  contents.expectEnd("the export section");
}
