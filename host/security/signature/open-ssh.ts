/** Reads what OpenSSH writes: texts and numbers with their lengths in front. Answers undefined past the end. */
class SshReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  uint32(): number | undefined {
    if (this.#offset + 4 > this.#bytes.length) return undefined;
    this.#offset += 4;
    return this.#bytes.readUInt32BE(this.#offset - 4);
  }

  field(): Buffer | undefined {
    const length = this.uint32();
    if (length === undefined || this.#offset + length > this.#bytes.length) return undefined;
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  text(): string | undefined {
    return this.field()?.toString("latin1");
  }
}

const TYPE = "ssh-ed25519";

/** The 32 bytes of the key on a line "ssh-ed25519 …", the first such line if there are several. */
export function readOpenSshPublicKey(text: string): Buffer | undefined {
  const encoded = new RegExp(String.raw`^\s*${TYPE}\s+([A-Za-z0-9+/=]+)`, "m").exec(text)?.[1];
  return encoded === undefined ? undefined : publicKeyOf(Buffer.from(encoded, "base64"));
}

const MAGIC = "openssh-key-v1\0";

/**
 * The seed and the public key, 64 bytes, in "BEGIN OPENSSH PRIVATE KEY", or a sentence that says why it cannot be had.
 *
 * @see https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key
 */
export function readOpenSshSecretKey(text: string): Buffer | string {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1] ?? "";
  const bytes = Buffer.from(body, "base64");
  if (bytes.subarray(0, MAGIC.length).toString("latin1") !== MAGIC) return "it is no OpenSSH key";
  const reader = new SshReader(bytes.subarray(MAGIC.length));
  const [cipher] = [reader.text(), reader.field(), reader.field()];
  if (cipher !== "none") {
    return 'it is encrypted: sign with a copy that is not ("ssh-keygen -p" takes the passphrase away)';
  }
  const count = reader.uint32();
  const ofPublicKey = publicKeyOf(reader.field());
  const secret = new SshReader(reader.field() ?? Buffer.alloc(0));
  const [check, again, type] = [secret.uint32(), secret.uint32(), secret.text()];
  const [ofSecret, pair] = [secret.field(), secret.field()];
  const isWhole = count === 1 && check === again && pair?.length === 64 && ofSecret !== undefined;
  if (type !== TYPE) return "it is no Ed25519 key";
  if (!isWhole || !ofPublicKey?.equals(ofSecret) || !pair.subarray(32).equals(ofSecret))
    return "it is damaged";
  return pair;
}

function publicKeyOf(blob: Buffer | undefined): Buffer | undefined {
  const reader = new SshReader(blob ?? Buffer.alloc(0));
  const key = reader.text() === TYPE ? reader.field() : undefined;
  return key?.length === 32 ? key : undefined;
}
