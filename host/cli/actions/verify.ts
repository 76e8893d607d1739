import { basename } from "node:path";
import { HostError } from "../../core/error.ts";
import { parsePublicKey } from "../../security/signature/parse-public-key.ts";
import { findSigners, readSidecars } from "../../security/trust/find-signers.ts";
import { loadTrustStore, maySign, type StoredKey } from "../../security/trust/trust-store.ts";
import { findSettings } from "../find-settings.ts";
import { plain } from "../plain.ts";
import { readBinary } from "../read-binary.ts";
import type { Session } from "../session.ts";

export interface VerifyOptions {
  readonly key?: readonly string[];
  readonly config?: string;
  readonly plugin?: string;
}

const COMMAND = "tusk verify";

/**
 * Tells who signed a file.
 *
 * @throws HostError SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNER_UNKNOWN, SIGNER_NOT_ALLOWED when nobody who is trusted did
 */
export async function verify({ output }: Session, file: string, options: VerifyOptions): Promise<void> {
  const bytes = await readBinary(file, COMMAND);
  const keys = await keysOf(options);
  const found = findSigners(bytes, file, await readSidecars(file), keys);
  const plugin = options.plugin ?? basename(file, ".wasm");
  const known = keys.map(({ name }) => name);
  if (!found.isSigned) throw new HostError("SIGNATURE_MISSING", { plugin, file });
  const [signer] = found.signers;
  if (!signer) {
    if (!found.hasUnknownSigner) throw new HostError("SIGNATURE_INVALID", { plugin, file });
    throw new HostError("SIGNER_UNKNOWN", { plugin, keyIds: found.keyIds, known });
  }
  const trusted = found.signers.filter(
    ({ key }) => options.plugin === undefined || maySign(key, options.plugin),
  );
  if (trusted.length === 0) {
    const { name: key, plugins } = signer.key;
    throw new HostError("SIGNER_NOT_ALLOWED", { plugin, key, plugins });
  }
  const signers = trusted.map(({ key, identity }) => ({
    key: key.name,
    keyId: key.publicKey.name,
    format: key.publicKey.kind,
    identity,
  }));
  if (output.json) return output.document({ file, signers });
  for (const { key, keyId, identity } of signers) {
    const made = identity ? ` for ${plain(`${identity.name}@${identity.version}`)}` : "";
    output.line(`${plain(file)} is signed with ${plain(key)} (${keyId})${made}`);
  }
}

async function keysOf({ key: files, config }: VerifyOptions): Promise<StoredKey[]> {
  if (files === undefined) return loadTrustStore((await findSettings(config, {})).trust);
  return Promise.all(
    files.map(async (file) => ({
      name: file,
      publicKey: parsePublicKey(await readBinary(file, COMMAND), file),
      plugins: ["*"],
    })),
  );
}
