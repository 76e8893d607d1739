import type { BinaryReader, BinaryWriter } from "./binary.ts";

/** How large a memory (in pages of 64 KiB) or a table (in elements) starts, and how far it may grow. */
export interface Limits {
  readonly min: number;
  readonly max: number | undefined;
}

/** What 32-bit addresses reach. */
export const MAX_PAGES = 65_536;

const HAS_MAX = 0x01;
const SHARED = 0x02;
const IS_64 = 0x04;
const HAS_PAGE_SIZE = 0x08;

/**
 * Reads the limits of a memory or table.
 *
 * @throws HostError BINARY_UNSUPPORTED when it is shared, has 64-bit addresses or a page size of its own
 */
export function readLimits(reader: BinaryReader, of: "memory" | "table"): Limits {
  const start = reader.offset;
  const flags = reader.u8();
  if (flags & SHARED) reader.refuse(`a shared ${of}`, start);
  if (flags & IS_64) reader.refuse(`a ${of} with 64-bit addresses`, start);
  if (flags & HAS_PAGE_SIZE) reader.refuse(`a ${of} with its own page size`, start);
  if (flags > HAS_MAX) reader.refuse(`a ${of} of the unknown form 0x${flags.toString(16)}`, start);
  const limits = { min: reader.u32(), max: flags & HAS_MAX ? reader.u32() : undefined };
  if (of === "memory" && (limits.max ?? limits.min) > MAX_PAGES)
    reader.fail("a memory larger than 4 GiB", start);
  return limits;
}

export function writeLimits(writer: BinaryWriter, limits: Limits): void {
  writer.u8(limits.max === undefined ? 0 : HAS_MAX);
  writer.u32(limits.min);
  if (limits.max !== undefined) writer.u32(limits.max);
}
