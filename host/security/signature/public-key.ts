import { createHmac, createPublicKey, type KeyObject, verify } from "node:crypto";

export const KEY_BYTES = 32;
const KEY_ID_BYTES = 12;

/** For which kind of signatures a key is meant: one never counts for the other. */
type SignatureKind = "wasm" | "minisign";

/** An Ed25519 key that signatures are held against. */
export class PublicKey {
  /** 32 bytes. */
  readonly bytes: Uint8Array;
  readonly kind: SignatureKind;
  /** What names the key in a signature: 12 bytes for a WebAssembly signature, 8 for minisign. */
  readonly id: Uint8Array;
  readonly #key: KeyObject;

  private constructor(bytes: Uint8Array, kind: SignatureKind, id: Uint8Array) {
    this.bytes = bytes;
    this.kind = kind;
    this.id = id;
    const x = Buffer.from(bytes).toString("base64url");
    this.#key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  }

  /** @param bytes 32 of them */
  static forWasm(bytes: Uint8Array): PublicKey {
    const id = createHmac("sha256", bytes).update("key_id").digest().subarray(0, KEY_ID_BYTES);
    return new PublicKey(bytes, "wasm", id);
  }

  /** @param bytes 32 of them; `id` is 8 that minisign chose at random */
  static forMinisign(bytes: Uint8Array, id: Uint8Array): PublicKey {
    return new PublicKey(bytes, "minisign", id);
  }

  /** The id, for a person to compare. */
  get name(): string {
    return nameOfKeyId(this.id, this.kind);
  }

  /** Whether `signature` is this key's, of exactly these bytes. */
  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return verify(null, message, this.#key, signature);
  }

  /** The form of `wasmsign2`: a byte that says what it is, and the key. */
  toRaw(): Buffer {
    return Buffer.concat([Uint8Array.of(PUBLIC_TAG), this.bytes]);
  }

  toPem(): string {
    return this.#key.export({ format: "pem", type: "spki" });
  }

  /** One line, as in authorized_keys. */
  toOpenSsh(): string {
    const type = Buffer.from("ssh-ed25519");
    const fields = [type, this.bytes].map((field) => Buffer.concat([uint32(field.length), field]));
    return `ssh-ed25519 ${Buffer.concat(fields).toString("base64")}`;
  }
}

/** What a public key of `wasmsign2` begins with. */
export const PUBLIC_TAG = 0x01;

/** The id of a key in hexadecimal. minisign shows the last byte first. */
export function nameOfKeyId(id: Uint8Array, kind: SignatureKind): string {
  const shown = kind === "minisign" ? id.toReversed() : id;
  return Buffer.from(shown).toString("hex").toUpperCase();
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
