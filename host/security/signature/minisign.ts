import { createHash } from "node:crypto";
import { HostError } from "../../core/error.ts";
import type { PublicKey } from "./public-key.ts";

/** A signature as `minisign` writes it into a file of its own. */
interface Minisignature {
  /** Whether the BLAKE2b-512 of the file is signed, as today, or the file itself, as in its first versions. */
  readonly isPrehashed: boolean;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
  /** Signed as well, together with the signature. */
  readonly trustedComment: string;
  readonly globalSignature: Uint8Array;
}

const MAX_BYTES = 4096;
const LINES =
  /^untrusted comment: .*\r?\n([A-Za-z0-9+/]{99}=)\r?\ntrusted comment: (.*)\r?\n([A-Za-z0-9+/]{86}==)\r?\n?$/;

/**
 * Reads a `.minisig` file.
 *
 * @throws HostError SIGNATURE_MALFORMED
 * @see https://jedisct1.github.io/minisign/
 */
export function parseMinisignature(contents: Uint8Array, file: string): Minisignature {
  const refuse = (reason: string): never => {
    throw new HostError("SIGNATURE_MALFORMED", { file, reason });
  };
  if (contents.length > MAX_BYTES) return refuse(`it has more than ${MAX_BYTES} bytes`);
  const [, encoded = "", trustedComment = "", encodedGlobal = ""] = LINES.exec(textOf(contents) ?? "") ?? [];
  const bytes = Buffer.from(encoded, "base64");
  const globalSignature = Buffer.from(encodedGlobal, "base64");
  // Of the last digit of base64 not every bit counts: only one way to write them is read.
  const isCanonical =
    bytes.toString("base64") === encoded && globalSignature.toString("base64") === encodedGlobal;
  if (encoded === "" || !isCanonical) return refuse("it is no signature of minisign");
  const algorithm = bytes.subarray(0, 2).toString("latin1");
  if (algorithm !== "Ed" && algorithm !== "ED") return refuse("its algorithm is not known");
  return {
    isPrehashed: algorithm === "ED",
    keyId: bytes.subarray(2, 10),
    signature: bytes.subarray(10),
    trustedComment,
    globalSignature,
  };
}

/** Whether a key signed these bytes, and the trusted comment with them. */
export function isMinisignedBy(minisignature: Minisignature, bytes: Uint8Array, key: PublicKey): boolean {
  const { isPrehashed, keyId, signature, trustedComment, globalSignature } = minisignature;
  if (key.kind !== "minisign" || Buffer.compare(keyId, key.id) !== 0) return false;
  const message = isPrehashed ? createHash("blake2b512").update(bytes).digest() : bytes;
  const whole = Buffer.concat([signature, Buffer.from(trustedComment)]);
  return key.verify(message, signature) && key.verify(whole, globalSignature);
}

function textOf(contents: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(contents);
  } catch {
    return undefined;
  }
}
