import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePublicKey } from "../../host/security/signature/parse-public-key.ts";
import type { PublicKey } from "../../host/security/signature/public-key.ts";
import { SecretKey } from "../../host/security/signature/secret-key.ts";

/** Where files stand that other programs signed: `record.sh` beside them says with which commands. */
export const SIGNATURES = join(import.meta.dirname, "../fixtures/signatures");

export function signedFixture(name: string): Buffer {
  return readFileSync(join(SIGNATURES, name));
}

export function fixtureKey(name: string): PublicKey {
  return parsePublicKey(signedFixture(name), name);
}

/** The secret key that most of them are signed with. */
export function authorKey(): SecretKey {
  return SecretKey.parse(signedFixture("author.key"), "author.key");
}
