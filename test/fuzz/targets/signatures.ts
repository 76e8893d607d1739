import assert from "node:assert/strict";
import { scanBinary } from "../../../host/security/inspection/scan-binary.ts";
import { parsePublicKey } from "../../../host/security/signature/parse-public-key.ts";
import { SecretKey } from "../../../host/security/signature/secret-key.ts";
import { takeApart } from "../../../host/security/signature/signed-file.ts";
import { findSigners } from "../../../host/security/trust/find-signers.ts";
import { mutateBinary } from "../../kit/mutate-binary.ts";
import { fixtureKey, signedFixture } from "../../kit/signed-fixture.ts";
import { pick, type Random } from "../../unit/wasm/random.ts";
import { endOf } from "../end-of.ts";
import type { FuzzTarget } from "../target.ts";

const SIGNED = ["component.signed.wasm", "component.both.wasm", "module.signed.wasm", "split.signed.wasm"];
const SIDECARS = ["component.wasm.sig", "component.wasm.minisig"];
const KEYS = ["author.pub", "other.pub", "ssh.pub", "minisign.pub", "author.key", "ssh"];

const NOTHING = new Uint8Array();

/** Signatures in a file and beside it, and the files of keys. What is signed is what was signed. */
export const SIGNATURES: FuzzTarget = {
  name: "signatures",
  open: async () => {
    const keys = ["author.pub", "other.pub", "minisign.pub"].map((name) => ({
      name,
      publicKey: fixtureKey(name),
      plugins: ["*"],
    }));
    const none = { detached: undefined, minisign: undefined };
    const unsigned = signedFixture("component.wasm");
    let last = new Uint8Array();
    const mutantOf = (name: string, random: Random) =>
      (last = Uint8Array.from(mutateBinary(signedFixture(name), random)));

    function readFile(random: Random): string {
      const name = pick(SIGNED, random);
      const mutant = mutantOf(name, random);
      const end = endOf(() => {
        const { signers } = findSigners(mutant, "mutant", none, keys);
        if (signers.length === 0) return;
        // One of two signatures may be broken; the header says only what kind of file it is.
        const [found, signed] = [mutant, signedFixture(name)].map((bytes) => takeApart(bytes, name).signed);
        assert.equal(Buffer.compare(found ?? NOTHING, signed ?? NOTHING), 0, "it is not what was signed");
      });
      return `file: ${end}, ${endOf(() => scanBinary(mutant, "mutant"))}`;
    }

    function readSidecar(random: Random): string {
      const name = pick(SIDECARS, random);
      const mutant = mutantOf(name, random);
      const sidecars = name.endsWith(".sig") ? { ...none, detached: mutant } : { ...none, minisign: mutant };
      return `sidecar: ${endOf(() => findSigners(unsigned, "mutant", sidecars, keys))}`;
    }

    function readKey(random: Random): string {
      const mutant = mutantOf(pick(KEYS, random), random);
      return `key: ${endOf(() => parsePublicKey(mutant, "mutant"))}, ${endOf(() => SecretKey.parse(mutant, "mutant"))}`;
    }

    return {
      attempt: (random: Random) => pick([readFile, readSidecar, readKey], random)(random),
      lastInput: () => last,
    };
  },
};
