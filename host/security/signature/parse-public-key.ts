import { createPublicKey } from "node:crypto";
import { HostError, messageOf } from "../../core/error.ts";
import { readOpenSshPublicKey } from "./open-ssh.ts";
import { KEY_BYTES, PUBLIC_TAG, PublicKey } from "./public-key.ts";

/**
 * The public key in a file or in a text of the settings: raw as `wasmsign2` writes it (as bytes, or in
 * hexadecimal or base64), PEM, OpenSSH ("ssh-ed25519 …"), or minisign ("RW…").
 *
 * @param name What to call it in messages.
 * @throws HostError KEY_UNREADABLE
 */
export function parsePublicKey(contents: Uint8Array | string, name: string): PublicKey {
  const bytes = typeof contents === "string" ? Buffer.from(contents) : Buffer.from(contents);
  if (isRaw(bytes)) return PublicKey.forWasm(bytes.subarray(1));
  const text = bytes.toString("latin1").trim();
  const key = text.includes("-----BEGIN ") ? parsePem(text, name) : parseLine(text);
  if (key) return key;
  const reason =
    "it is no Ed25519 key in a form that is known: raw as wasmsign2 writes it, PEM, OpenSSH, or minisign";
  throw new HostError("KEY_UNREADABLE", { file: name, kind: "public", reason });
}

function isRaw(bytes: Uint8Array): boolean {
  return bytes.length === KEY_BYTES + 1 && bytes[0] === PUBLIC_TAG;
}

function parsePem(pem: string, name: string): PublicKey {
  // Node would make the public key of a secret one, which has no business where public keys are kept.
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    const reason = "it is a secret key; name the public one, and keep this one away from the host";
    throw new HostError("KEY_UNREADABLE", { file: name, kind: "public", reason });
  }
  try {
    const { kty, crv, x = "" } = createPublicKey(pem).export({ format: "jwk" });
    if (kty === "OKP" && crv === "Ed25519") return PublicKey.forWasm(Buffer.from(x, "base64url"));
  } catch (cause) {
    throw new HostError(
      "KEY_UNREADABLE",
      { file: name, kind: "public", reason: messageOf(cause) },
      { cause },
    );
  }
  throw new HostError("KEY_UNREADABLE", { file: name, kind: "public", reason: "it is no key for Ed25519" });
}

function parseLine(text: string): PublicKey | undefined {
  const ofSsh = readOpenSshPublicKey(text);
  if (ofSsh) return PublicKey.forWasm(ofSsh);
  if (/^[\da-f]{66}$/i.test(text) && isRaw(Buffer.from(text, "hex"))) {
    return PublicKey.forWasm(Buffer.from(text, "hex").subarray(1));
  }
  // A file of minisign has a comment in front.
  const encoded = /^(?:untrusted comment:.*\r?\n)?([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = Buffer.from(encoded ?? "", "base64");
  if (isRaw(bytes)) return PublicKey.forWasm(bytes.subarray(1));
  if (bytes.length !== MINISIGN_BYTES || bytes.subarray(0, 2).toString("latin1") !== "Ed") return undefined;
  return PublicKey.forMinisign(bytes.subarray(10), bytes.subarray(2, 10));
}

/** "Ed", the id, the key. */
const MINISIGN_BYTES = 2 + 8 + KEY_BYTES;
