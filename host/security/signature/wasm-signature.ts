import { HostError } from "../../core/error.ts";
import { BinaryReader, BinaryWriter } from "../../wasm/binary.ts";
import { HEADER_BYTES, kindOf } from "../../wasm/kind.ts";
import { SECTION, sectionsOf } from "../../wasm/sections.ts";
import { nameOfKeyId, type PublicKey } from "./public-key.ts";
import type { SecretKey } from "./secret-key.ts";
import { ED25519, FORMAT, parseSignature, type SignedHashes, writeSignature } from "./signature-set.ts";
import { customSection, hashesOf, signatureSection, takeApart } from "./signed-file.ts";

/** What a signature says of a file. */
interface SignatureReport {
  /** The keys of those asked about which signed all of the file, as it is. */
  readonly signers: readonly PublicKey[];
  /** The keys that signatures name, as `PublicKey.name` does; some name none. */
  readonly keyIds: readonly string[];
  /** Whether there is a signature of exactly these bytes, by whomever: only a key can tell whether it is genuine. */
  readonly isOfThisFile: boolean;
}

/**
 * Who of `keys` signed the whole of a file. Undefined if it has no signature.
 *
 * The hashes of a set may be those of parts of the file; only a signature whose last hash is that of the whole
 * file counts, because otherwise what follows the part could be left out.
 *
 * @param detached The signature, if it stands in a file of its own.
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED
 */
export function verifySignature(
  bytes: Uint8Array,
  file: string,
  keys: readonly PublicKey[],
  detached?: Uint8Array,
): SignatureReport | undefined {
  const apart = takeApart(bytes, file, detached !== undefined);
  const payload = detached ?? apart.payload;
  if (payload === undefined) return undefined;
  const sets = parseSignature(payload, file);
  const whole = hashesOf(apart).at(-1) ?? new Uint8Array();
  const ofWhole = sets.filter(({ hashes }) => Buffer.compare(hashes.at(-1) ?? new Uint8Array(), whole) === 0);
  return {
    signers: keys.filter((key) => key.kind === "wasm" && ofWhole.some((set) => isSignedBy(set, key))),
    keyIds: sets.flatMap(({ signatures }) =>
      signatures.filter(({ keyId }) => keyId.length > 0).map(({ keyId }) => nameOfKeyId(keyId, "wasm")),
    ),
    isOfThisFile: ofWhole.length > 0,
  };
}

function isSignedBy(set: SignedHashes, key: PublicKey): boolean {
  const message = messageOf(set.hashes);
  return set.signatures.some(
    ({ keyId, algorithm, bytes }) =>
      algorithm === ED25519 &&
      bytes.length === 64 &&
      // The id is not signed; were another one let through, it could be changed unnoticed.
      (keyId.length === 0 || Buffer.compare(keyId, key.id) === 0) &&
      key.verify(message, bytes),
  );
}

/** What a signature of these hashes is a signature of. */
function messageOf(hashes: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from("wasmsig"), Uint8Array.from(FORMAT), ...hashes]);
}

export interface SignOptions {
  /** Whether the signature names the key. */
  readonly withKeyId: boolean;
}

/**
 * A copy of a file that is signed, as `wasmsign2` would write it. Signatures that it has already are kept.
 *
 * @throws HostError SIGNATURE_PRESENT when the key has signed it already
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED
 */
export function signEmbedded(bytes: Uint8Array, file: string, key: SecretKey, options: SignOptions): Buffer {
  const plain = withShortLengths(bytes, file);
  const { payload, signed } = takeApart(plain, file);
  const section = signatureSection(sign(plain, file, key, options, payload, false));
  return Buffer.concat([plain.subarray(0, HEADER_BYTES), section, signed]);
}

/**
 * A signature that stands in a file of its own; the file itself stays as it is.
 *
 * @param existing A detached signature that it has already, and that is added to.
 * @throws HostError as `signEmbedded`
 */
export function signDetached(
  bytes: Uint8Array,
  file: string,
  key: SecretKey,
  options: SignOptions,
  existing?: Uint8Array,
): Uint8Array {
  return sign(bytes, file, key, options, existing, true);
}

function sign(
  bytes: Uint8Array,
  file: string,
  key: SecretKey,
  { withKeyId }: SignOptions,
  existing: Uint8Array | undefined,
  isDetached: boolean,
): Uint8Array {
  const hashes = hashesOf(takeApart(bytes, file, isDetached));
  const sets = existing === undefined ? [] : parseSignature(existing, file);
  const same = sets.findIndex(
    (set) => Buffer.compare(Buffer.concat(set.hashes), Buffer.concat(hashes)) === 0,
  );
  const before = sets[same]?.signatures ?? [];
  if (before.length > 0 && isSignedBy({ hashes, signatures: before }, key.publicKey)) {
    throw new HostError("SIGNATURE_PRESENT", { file, key: key.publicKey.name });
  }
  const keyId = withKeyId ? key.publicKey.id : new Uint8Array();
  const signature = { keyId, algorithm: ED25519, bytes: key.sign(messageOf(hashes)) };
  const set = { hashes, signatures: [...before, signature] };
  return writeSignature(same < 0 ? [...sets, set] : sets.with(same, set));
}

/**
 * The same file with the lengths of its sections written in the shortest way. Linkers leave room in them, and
 * `wasmsign2` writes every section anew before it hashes it.
 */
function withShortLengths(bytes: Uint8Array, file: string): Uint8Array {
  kindOf(bytes, file);
  const writer = new BinaryWriter(bytes.length);
  writer.slice(bytes, 0, HEADER_BYTES);
  for (const { id, contents } of sectionsOf(new BinaryReader(bytes, file))) {
    if (id === SECTION.custom) {
      writer.raw(customSection(contents.name(), bytes.subarray(contents.offset, contents.end)));
      continue;
    }
    writer.u8(id);
    writer.u32(contents.end - contents.offset);
    writer.slice(bytes, contents.offset, contents.end);
  }
  return writer.finish();
}
