import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { HostError, messageOf } from "../../core/error.ts";
import { readOpenSshSecretKey } from "./open-ssh.ts";
import { PublicKey } from "./public-key.ts";

const SECRET_TAG = 0x81;
const SEED_BYTES = 32;
const RAW_BYTES = 1 + 2 * SEED_BYTES;

/** An Ed25519 key that signs. It is never part of a message. */
export class SecretKey {
  readonly publicKey: PublicKey;
  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
    const { x = "" } = createPublicKey(key).export({ format: "jwk" });
    this.publicKey = PublicKey.forWasm(Buffer.from(x, "base64url"));
  }

  static generate(): SecretKey {
    return new SecretKey(generateKeyPairSync("ed25519").privateKey);
  }

  /** @param seed 32 bytes */
  static fromSeed(seed: Uint8Array): SecretKey {
    return new SecretKey(
      createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" }),
    );
  }

  /**
   * The key in a file: raw as `wasmsign2` writes it, PEM (PKCS #8), or OpenSSH without a passphrase.
   *
   * @throws HostError KEY_UNREADABLE
   */
  static parse(contents: Uint8Array, file: string): SecretKey {
    const refuse = (reason: string, cause?: unknown): never => {
      throw new HostError("KEY_UNREADABLE", { file, kind: "secret", reason }, { cause });
    };
    const bytes = Buffer.from(contents);
    if (bytes.length === RAW_BYTES && bytes[0] === SECRET_TAG) return parsePair(bytes.subarray(1), refuse);
    const text = bytes.toString("latin1");
    if (text.includes("-----BEGIN OPENSSH PRIVATE KEY-----")) {
      const pair = readOpenSshSecretKey(text);
      return typeof pair === "string" ? refuse(pair) : parsePair(pair, refuse);
    }
    if (!text.includes("-----BEGIN "))
      return refuse("it is neither a raw key of wasmsign2, nor PEM, nor OpenSSH");
    return parsePem(text, (key) => new SecretKey(key), refuse);
  }

  sign(message: Uint8Array): Buffer {
    return sign(null, message, this.#key);
  }

  /** The form of `wasmsign2`: a byte that says what it is, the seed, the public key. */
  toRaw(): Buffer {
    return Buffer.concat([Uint8Array.of(SECRET_TAG), this.#seed(), this.publicKey.bytes]);
  }

  toPem(): string {
    return this.#key.export({ format: "pem", type: "pkcs8" });
  }

  #seed(): Buffer {
    return Buffer.from(this.#key.export({ format: "jwk" }).d ?? "", "base64url");
  }
}

/** What stands before the seed in PKCS #8: RFC 8410. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

type Refuse = (reason: string, cause?: unknown) => never;

/** A seed and the public key that is said to belong to it. */
function parsePair(pair: Buffer, refuse: Refuse): SecretKey {
  const key = SecretKey.fromSeed(pair.subarray(0, SEED_BYTES));
  const isOne = pair.subarray(SEED_BYTES).equals(key.publicKey.bytes);
  return isOne ? key : refuse("its two halves do not belong together");
}

function parsePem(pem: string, make: (key: KeyObject) => SecretKey, refuse: Refuse): SecretKey {
  // Both ways in which PEM says so: of PKCS #8, and of OpenSSL's older forms.
  if (/BEGIN ENCRYPTED|,ENCRYPTED/.test(pem)) return refuse("it is encrypted: sign with a copy that is not");
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    return refuse(messageOf(error), error);
  }
  if (key.asymmetricKeyType === "ed25519") return make(key);
  return refuse(`it is a key for ${key.asymmetricKeyType}, not Ed25519`);
}
