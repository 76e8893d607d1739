import { BinaryReader, BinaryWriter } from "../../wasm/binary.ts";

/** A signature as it stands in a WebAssembly signature. */
export interface Signature {
  /** 12 bytes that name the key, or none. */
  readonly keyId: Uint8Array;
  /** 1 is Ed25519; what others are is not known here. */
  readonly algorithm: number;
  readonly bytes: Uint8Array;
}

/** Hashes of growing parts of a file, and who signed all of them together. */
export interface SignedHashes {
  /** SHA-256, 32 bytes each; the last one is that of everything which is signed. */
  readonly hashes: readonly Uint8Array[];
  readonly signatures: readonly Signature[];
}

export const ED25519 = 1;
const HASH_BYTES = 32;

/** The version of the format, what is signed (a WebAssembly file), and the hash (SHA-256). */
export const FORMAT: readonly number[] = [1, 1, 1];

const MAX_SETS = 64;
const MAX_HASHES = 64;
const MAX_SIGNATURES = 256;

/**
 * Reads the payload of a signature: a detached signature, or what the section "signature" holds.
 *
 * Only the one way to write it that `writeSignature` uses is read, so that nobody can change a signed file
 * without changing what is signed.
 *
 * `file` is what to call the bytes in messages.
 *
 * @throws HostError BINARY_MALFORMED, BINARY_UNSUPPORTED
 * @see https://github.com/WebAssembly/tool-conventions/blob/main/Signatures.md
 */
export function parseSignature(payload: Uint8Array, file: string): SignedHashes[] {
  const reader = new BinaryReader(payload, file);
  for (const [i, known] of FORMAT.entries()) {
    const found = reader.u8();
    if (found !== known) reader.refuse(`${FORMAT_NAMES[i]} ${found} of signatures`, i);
  }
  const sets = bounded(reader, MAX_SETS, "sets of hashes", () => readSet(sized(reader)));
  reader.expectEnd("a signature");
  if (Buffer.compare(writeSignature(sets), payload) !== 0) {
    reader.fail("the signature is not written in the shortest way", 0);
  }
  return sets;
}

const FORMAT_NAMES = ["the version", "the content type", "the hash function"];

/** The payload of a signature with these sets. */
export function writeSignature(sets: readonly SignedHashes[]): Uint8Array {
  const writer = new BinaryWriter();
  writer.raw(FORMAT);
  writer.u32(sets.length);
  for (const set of sets) writeSized(writer, bytesOfSet(set));
  return writer.finish();
}

function readSet(reader: BinaryReader): SignedHashes {
  const hashes = bounded(reader, MAX_HASHES, "hashes", () => reader.take(HASH_BYTES));
  const signatures = bounded(reader, MAX_SIGNATURES, "signatures", () => readOne(sized(reader)));
  reader.expectEnd("a set of hashes");
  return { hashes, signatures };
}

function readOne(reader: BinaryReader): Signature {
  const keyId = reader.take(reader.u32());
  const algorithm = reader.u8();
  const bytes = reader.take(reader.u32());
  reader.expectEnd("a signature");
  return { keyId, algorithm, bytes };
}

function bounded<T>(reader: BinaryReader, most: number, what: string, read: () => T): T[] {
  const count = reader.clone().u32();
  if (count > most) reader.fail(`${count} ${what} are more than ${most}`);
  return reader.vector(read);
}

function sized(reader: BinaryReader): BinaryReader {
  return reader.sub(reader.u32());
}

function bytesOfSet({ hashes, signatures }: SignedHashes): Uint8Array {
  const writer = new BinaryWriter();
  writer.u32(hashes.length);
  for (const hash of hashes) writer.raw(hash);
  writer.u32(signatures.length);
  for (const signature of signatures) writeSized(writer, bytesOfOne(signature));
  return writer.finish();
}

function bytesOfOne({ keyId, algorithm, bytes }: Signature): Uint8Array {
  const writer = new BinaryWriter();
  writeSized(writer, keyId);
  writer.u8(algorithm);
  writeSized(writer, bytes);
  return writer.finish();
}

function writeSized(writer: BinaryWriter, bytes: Uint8Array): void {
  writer.u32(bytes.length);
  writer.raw(bytes);
}
