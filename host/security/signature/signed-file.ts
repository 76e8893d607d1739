import { createHash } from "node:crypto";
import { BinaryReader, BinaryWriter } from "../../wasm/binary.ts";
import { HEADER_BYTES, kindOf } from "../../wasm/kind.ts";
import { SECTION, sectionsOf } from "../../wasm/sections.ts";

const SIGNATURE_SECTION = "signature";
const DELIMITER_SECTION = "signature_delimiter";

/** A component or core module, taken apart into its signature and what that is about. */
interface SignedFile {
  /** The payload of the section "signature", if the file begins with one. */
  readonly payload: Uint8Array | undefined;
  /** Everything behind the header and that section, as it stands in the file. */
  readonly signed: Uint8Array;
  /** The offsets in `signed` where a part of it ends: behind each delimiter, and where it ends. */
  readonly ends: readonly number[];
}

/**
 * Takes a component or core module apart.
 *
 * @param isDetached Whether the signature stands elsewhere: then a section "signature" is a section like others.
 * @throws HostError BINARY_NOT_WASM, BINARY_UNSUPPORTED, BINARY_MALFORMED
 */
export function takeApart(bytes: Uint8Array, file: string, isDetached = false): SignedFile {
  kindOf(bytes, file);
  let payload: Uint8Array | undefined;
  let begin = HEADER_BYTES;
  const ends: number[] = [];
  for (const { id, start, contents } of sectionsOf(new BinaryReader(bytes, file))) {
    if (id !== SECTION.custom) continue;
    const name = contents.name();
    if (name === DELIMITER_SECTION) ends.push(contents.end);
    if (name !== SIGNATURE_SECTION || isDetached || start !== HEADER_BYTES) continue;
    payload = bytes.subarray(contents.offset, contents.end);
    begin = contents.end;
    const written = bytes.subarray(start, contents.end);
    if (Buffer.compare(signatureSection(payload), written) !== 0) {
      contents.fail("the section of the signature is not written in the shortest way", start);
    }
  }
  if (ends.at(-1) !== bytes.length) ends.push(bytes.length);
  return { payload, signed: bytes.subarray(begin), ends: ends.map((end) => end - begin) };
}

/** The SHA-256 of each part of the file: each begins where the first does. */
export function hashesOf({ signed, ends }: SignedFile): Uint8Array[] {
  const hash = createHash("sha256");
  let from = 0;
  return ends.map((end) => {
    hash.update(signed.subarray(from, end));
    from = end;
    return hash.copy().digest();
  });
}

/** A custom section that holds a signature. */
export function signatureSection(payload: Uint8Array): Uint8Array {
  return customSection(SIGNATURE_SECTION, payload);
}

/** A custom section, with its lengths written in the shortest way. */
export function customSection(name: string, payload: Uint8Array): Uint8Array {
  const contents = new BinaryWriter(payload.length + 64);
  contents.name(name);
  contents.raw(payload);
  const section = new BinaryWriter(contents.length + 8);
  section.u8(SECTION.custom);
  section.u32(contents.length);
  section.raw(contents.finish());
  return section.finish();
}
