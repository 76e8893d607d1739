import { HostError } from "../core/error.ts";
import { BinaryWriter, type BinaryReader } from "./binary.ts";
import { SECTION } from "./sections.ts";

/** The part of a name section that numbers the blocks of each function: other numbers once there are more. */
const LABELS = 3;

/** Writes a name section with everything but the names of labels. One that cannot be read is left out. */
export function writeNamesWithoutLabels(writer: BinaryWriter, contents: BinaryReader): void {
  const kept = new BinaryWriter(contents.end - contents.offset);
  try {
    kept.name(contents.name());
    while (!contents.atEnd) {
      const start = contents.offset;
      const part = contents.u8();
      contents.skip(contents.u32());
      if (part !== LABELS) kept.slice(contents.bytes, start, contents.offset);
    }
  } catch (error) {
    if (HostError.is(error, "BINARY_MALFORMED")) return;
    throw error;
  }
  writer.u8(SECTION.custom);
  writer.sized(() => writer.raw(kept.finish()));
}
