import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { HostError, messageOf } from "../../core/error.ts";
import { quote } from "../../core/error-codes.ts";
import { SecretKey } from "../../security/signature/secret-key.ts";
import type { Session } from "../session.ts";

export interface KeygenOptions {
  /** "raw" is that of wasmsign2. */
  readonly format: "raw" | "pem";
}

/** Makes a pair of keys. A file that is there already is left alone. */
export async function keygen({ output }: Session, name: string, { format }: KeygenOptions): Promise<void> {
  const key = SecretKey.generate();
  const { publicKey } = key;
  const [secret, open] = [`${name}.key`, `${name}.pub`];
  const isRaw = format === "raw";
  await writeNew(open, isRaw ? publicKey.toRaw() : publicKey.toPem(), 0o644);
  await writeNew(secret, isRaw ? key.toRaw() : key.toPem(), 0o600);
  const setting = { key: publicKey.toOpenSsh(), plugins: ["*"] };
  if (output.json) return output.document({ secret, public: open, keyId: publicKey.name, setting });
  output.line(`${secret}  signs: keep it to yourself`);
  output.line(`${open}  verifies: give it away`);
  output.line(`key id ${publicKey.name}`);
  output.line();
  output.line("For settings that take nothing but what it has signed:");
  output.line(
    `  "trust": { "default": "require", "keys": { ${JSON.stringify(basename(name))}: ${JSON.stringify(setting)} } }`,
  );
}

async function writeNew(file: string, contents: Uint8Array | string, mode: number): Promise<void> {
  try {
    await writeFile(file, contents, { flag: "wx", mode });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    const reason = isThere
      ? `There is a file ${quote(file)} already, and it may be the only copy of a key.`
      : `${quote(file)} cannot be written: ${messageOf(error)}.`;
    throw new HostError("USAGE_INVALID", { reason, command: "tusk keygen" }, { cause: error });
  }
}
