import { HostError, messageOf } from "../../core/error.ts";
import { readRegularFile } from "../../core/read-regular-file.ts";
import { isMinisignedBy, parseMinisignature } from "../signature/minisign.ts";
import { nameOfKeyId } from "../signature/public-key.ts";
import { identityIn, identityInComment, type SignedIdentity } from "../signature/signed-identity.ts";
import { verifySignature } from "../signature/wasm-signature.ts";
import type { StoredKey } from "./trust-store.ts";

/** Where signatures stand beside a file: those of wasmsign2, and those of minisign. */
export const SIDECARS = { detached: ".sig", minisign: ".minisig" } as const;

/** Where the signatures of a file may stand beside it. */
export function sidecarsOf(file: string): string[] {
  return Object.values(SIDECARS).map((ending) => file + ending);
}

/** A key that signed the whole of a file. */
interface Signer {
  readonly key: StoredKey;
  readonly identity: SignedIdentity | undefined;
}

/** What was found out about the signatures of a file. */
export interface FoundSigners {
  readonly signers: readonly Signer[];
  /** Whether there is any signature at all, be it worth something or not. */
  readonly isSigned: boolean;
  /** Whether there is one of exactly these bytes that none of the keys made. */
  readonly hasUnknownSigner: boolean;
  /** The ids of keys that signatures name, as `PublicKey.name` shows them. */
  readonly keyIds: readonly string[];
}

/** The signatures that stand beside a file. */
export interface Sidecars {
  readonly detached: Uint8Array | undefined;
  readonly minisign: Uint8Array | undefined;
}

/** Of a file of signatures; the largest that is understood has less. */
const MAX_SIDECAR_BYTES = 2 ** 21;

/** @throws HostError SIGNATURE_MALFORMED when there is something that cannot be read */
export async function readSidecars(file: string): Promise<Sidecars> {
  const [detached, minisign] = await Promise.all([
    readIfThere(file + SIDECARS.detached),
    readIfThere(file + SIDECARS.minisign),
  ]);
  return { detached, minisign };
}

/**
 * Who of `keys` signed a file: within it, or in one of its sidecars.
 *
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED, SIGNATURE_MALFORMED
 */
export function findSigners(
  bytes: Uint8Array,
  file: string,
  { detached, minisign }: Sidecars,
  keys: readonly StoredKey[],
): FoundSigners {
  const known = new Set(keys.map(({ publicKey }) => publicKey.name));
  const all = [
    findWasmSigners(bytes, file, keys, known),
    ...(detached === undefined ? [] : [findWasmSigners(bytes, file, keys, known, detached)]),
    ...(minisign === undefined ? [] : [findMinisigners(bytes, file, keys, known, minisign)]),
  ].filter((found) => found !== undefined);
  return {
    signers: all.flatMap(({ signers }) => signers),
    isSigned: all.length > 0,
    hasUnknownSigner: all.some(({ hasUnknownSigner }) => hasUnknownSigner),
    keyIds: [...new Set(all.flatMap(({ keyIds }) => keyIds))],
  };
}

type Found = Omit<FoundSigners, "isSigned">;

function findWasmSigners(
  bytes: Uint8Array,
  file: string,
  keys: readonly StoredKey[],
  known: ReadonlySet<string>,
  detached?: Uint8Array,
): Found | undefined {
  const publicKeys = keys.map(({ publicKey }) => publicKey);
  const report = verifySignature(bytes, file, publicKeys, detached);
  if (!report) return undefined;
  const identity = report.signers.length > 0 ? identityIn(bytes, file) : undefined;
  return {
    signers: keys
      .filter(({ publicKey }) => report.signers.includes(publicKey))
      .map((key) => ({ key, identity })),
    hasUnknownSigner: report.isOfThisFile && !report.keyIds.some((id) => known.has(id)),
    keyIds: report.keyIds,
  };
}

function findMinisigners(
  bytes: Uint8Array,
  file: string,
  keys: readonly StoredKey[],
  known: ReadonlySet<string>,
  minisign: Uint8Array,
): Found {
  const minisignature = parseMinisignature(minisign, file + SIDECARS.minisign);
  const identity = identityInComment(minisignature.trustedComment);
  const keyId = nameOfKeyId(minisignature.keyId, "minisign");
  return {
    signers: keys
      .filter(({ publicKey }) => isMinisignedBy(minisignature, bytes, publicKey))
      .map((key) => ({ key, identity })),
    hasUnknownSigner: !known.has(keyId),
    keyIds: [keyId],
  };
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readRegularFile(file, MAX_SIDECAR_BYTES);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    const reason = `it cannot be read: ${messageOf(error)}`;
    throw new HostError("SIGNATURE_MALFORMED", { file, reason }, { cause: error });
  }
}
