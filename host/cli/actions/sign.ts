import { access, readFile } from "node:fs/promises";
import { HostError } from "../../core/error.ts";
import { quote } from "../../core/error-codes.ts";
import { writeAtomically } from "../../core/write-atomically.ts";
import { parseVersion } from "../../config/version.ts";
import { SecretKey } from "../../security/signature/secret-key.ts";
import { type SignedIdentity, withIdentity } from "../../security/signature/signed-identity.ts";
import { signDetached, signEmbedded } from "../../security/signature/wasm-signature.ts";
import { SIDECARS } from "../../security/trust/find-signers.ts";
import { plain } from "../plain.ts";
import { readBinary } from "../read-binary.ts";
import type { Session } from "../session.ts";

export interface SignOptions {
  readonly key: string;
  readonly as?: string;
  readonly detached?: true;
  readonly outFile?: string;
  readonly keyId: boolean;
}

const COMMAND = "tusk sign";

/** Signs a file. */
export async function sign({ output }: Session, file: string, options: SignOptions): Promise<void> {
  const { detached = false, as, keyId: withKeyId } = options;
  const bytes = await readBinary(file, COMMAND);
  const key = SecretKey.parse(await readBinary(options.key, COMMAND), options.key);
  const identity = as === undefined ? undefined : parseIdentity(as);
  if (detached && identity) {
    throw usage("--as writes into the file, and --detached leaves it alone. Leave one of them out.");
  }
  const outFile = options.outFile ?? (detached ? file + SIDECARS.detached : file);
  if (detached) {
    await writeAtomically(outFile, signDetached(bytes, file, key, { withKeyId }, await existing(outFile)));
  } else {
    // A signature of what the file was before it said who it is would be one of another file.
    const named = identity ? withIdentity(bytes, file, identity) : bytes;
    await writeAtomically(outFile, signEmbedded(named, file, key, { withKeyId }));
  }
  const keyId = key.publicKey.name;
  if (output.json) output.document({ file: outFile, keyId, detached, identity });
  else
    output.line(
      `${plain(outFile)} is signed with the key ${keyId}${identity ? ` for ${plain(as ?? "")}` : ""}`,
    );
}

function parseIdentity(text: string): SignedIdentity {
  const [, name = "", version = ""] = /^([A-Za-z][A-Za-z0-9_-]{0,63})@(.+)$/.exec(text) ?? [];
  if (!parseVersion(version)) throw usage(`${quote(text)} is no name with a version, such as "api@1.2.0".`);
  return { name, version };
}

async function existing(file: string): Promise<Uint8Array | undefined> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  return isThere ? readFile(file) : undefined;
}

function usage(reason: string): HostError {
  return new HostError("USAGE_INVALID", { reason, command: COMMAND });
}
