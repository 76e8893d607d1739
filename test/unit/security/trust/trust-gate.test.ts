import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, copyFile, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { parseSettings } from "../../../../host/config/parse-settings.ts";
import type { HostSettingsInput } from "../../../../host/config/settings-schema.ts";
import type { Trust } from "../../../../host/config/settings.ts";
import { SecretKey } from "../../../../host/security/signature/secret-key.ts";
import { withIdentity } from "../../../../host/security/signature/signed-identity.ts";
import { signDetached, signEmbedded } from "../../../../host/security/signature/wasm-signature.ts";
import { readSidecars } from "../../../../host/security/trust/find-signers.ts";
import { writeLockFile } from "../../../../host/security/trust/lock-file.ts";
import { type Admission, TrustGate } from "../../../../host/security/trust/trust-gate.ts";
import { maySign } from "../../../../host/security/trust/trust-store.ts";
import { authorKey, signedFixture, SIGNATURES } from "../../../kit/signed-fixture.ts";
import { temporaryFolder } from "../../../kit/temporary-folder.ts";

const plain = signedFixture("component.wasm");
const author = authorKey();
const NONE = { detached: undefined, minisign: undefined };
const withKeyId = { withKeyId: true };

type TrustInput = NonNullable<HostSettingsInput["trust"]>;

/** The trust of a host that trusts the author with "api" and everything that begins with "acme-". */
const AUTHOR: TrustInput = {
  default: "require",
  keys: { author: { key: author.publicKey.toOpenSsh(), plugins: ["api", "acme-*"] } },
};

async function gateWith(trust: TrustInput): Promise<TrustGate> {
  return TrustGate.create((await parseSettings({ plugins: {}, trust })).trust);
}

function signedAs(name: string, version: string): Buffer {
  return signEmbedded(withIdentity(plain, "a", { name, version }), "a", author, withKeyId);
}

suite("the trust gate", () => {
  const folder = temporaryFolder();

  interface Attempt {
    readonly name?: string;
    readonly trust?: Trust;
    readonly sha256?: string;
    readonly older?: boolean;
    readonly file?: string;
  }

  async function admit(gate: TrustGate, bytes: Uint8Array, attempt: Attempt = {}): Promise<Admission> {
    const { name = "api", trust, sha256, older = false, file = "api.wasm" } = attempt;
    const path = await folder.write(file, bytes);
    return gate.admit({
      bytes,
      sidecars: await readSidecars(path),
      settings: { name, path, trust, sha256 },
      older,
    });
  }

  test("a build that is signed with a key that may is let in", async () => {
    const gate = await gateWith(AUTHOR);
    const { verdict, warnings } = await admit(gate, signedFixture("component.signed.wasm"));
    assert.deepEqual([verdict, warnings], [{ kind: "signed", keys: ["author"] }, []]);
    const other = await admit(gate, signedFixture("component.signed.wasm"), { name: "acme-mail" });
    assert.equal(other.verdict.kind, "signed");
  });

  test("what is not signed, or was changed, or by nobody known, or for another plugin, is refused", async () => {
    const gate = await gateWith(AUTHOR);
    const changed = signedFixture("component.signed.wasm");
    changed[changed.length - 1] = 0;
    const damaged = signedFixture("component.signed.wasm");
    damaged[100] = 0;
    const stranger = signEmbedded(plain, "a", SecretKey.generate(), withKeyId);
    const attempts: [bytes: Buffer, name: string, code: string, message: RegExp][] = [
      [plain, "api", "SIGNATURE_MISSING", /tusk sign ".*api\.wasm" --key KEY/],
      [changed, "api", "SIGNATURE_INVALID", /changed afterwards/],
      [damaged, "api", "SIGNATURE_INVALID", /changed afterwards/],
      [stranger, "api", "SIGNER_UNKNOWN", /none of the keys in "trust\.keys" of the settings \("author"\)/],
      [signedFixture("component.signed.wasm"), "auth", "SIGNER_NOT_ALLOWED", /only "api", "acme-\*"/],
      [signedFixture("component.signed.wasm"), "my-acme-x", "SIGNER_NOT_ALLOWED", /only "api"/],
    ];
    for (const [bytes, name, code, message] of attempts) {
      await assert.rejects(admit(gate, bytes, { name }), { code, message });
    }
  });

  test("a pattern of names is held against the whole name, however many stars it has", () => {
    const cases: [pattern: string, fits: string[], others: string[]][] = [
      ["api", ["api"], ["ap", "apis", "my-api", ""]],
      ["*", ["", "api"], []],
      ["acme-*", ["acme-", "acme-mail"], ["acme", "my-acme-mail"]],
      ["*-mail", ["-mail", "acme-mail"], ["mail", "acme-mails"]],
      ["a*b*a", ["aba", "axbxa", "aabba"], ["ab", "aa", "abab"]],
      ["a*a", ["aa", "aba"], ["a"]],
      ["*a".repeat(30), ["a".repeat(30)], ["a".repeat(29), `${"a".repeat(200)}b`]],
    ];
    for (const [pattern, fits, others] of cases) {
      for (const name of fits) assert.ok(maySign({ plugins: [pattern] }, name), `${pattern} fits ${name}`);
      for (const name of others)
        assert.ok(!maySign({ plugins: [pattern] }, name), `${pattern} against ${name}`);
    }
  });

  test("with the trust warn the same is let in, and why it is not trusted is told", async () => {
    const gate = await gateWith(AUTHOR);
    const { verdict, warnings } = await admit(gate, plain, { trust: "warn" });
    assert.deepEqual([verdict.kind, warnings.map(({ code }) => code)], ["untrusted", ["SIGNATURE_MISSING"]]);
    assert.equal((await admit(gate, plain, { trust: "off" })).verdict.kind, "unchecked");
  });

  test("a file that is damaged is refused even with the trust warn", async () => {
    const gate = await gateWith(AUTHOR);
    await assert.rejects(admit(gate, plain.subarray(0, 10), { trust: "warn" }), { code: "BINARY_MALFORMED" });
  });

  test("signatures beside the file count, those of minisign, too", async () => {
    const file = join(folder.path, "beside.wasm");
    const gate = await gateWith({
      default: "require",
      keys: {
        author: { file: join(SIGNATURES, "author.pub"), plugins: ["*"] },
        mini: { file: join(SIGNATURES, "minisign.pub"), plugins: ["*"] },
      },
    });
    await writeFile(`${file}.sig`, signDetached(plain, "a", author, withKeyId));
    await copyFile(join(SIGNATURES, "component.wasm.minisig"), `${file}.minisig`);
    const { verdict } = await admit(gate, plain, { file: "beside.wasm" });
    assert.deepEqual(verdict.keys, ["author", "mini"]);
    await writeFile(`${file}.minisig`, "no signature");
    await assert.rejects(admit(gate, plain, { file: "beside.wasm" }), { code: "SIGNATURE_MALFORMED" });
  });

  test("a build that was signed for another plugin or version than it says is refused", async () => {
    const gate = await gateWith(AUTHOR);
    await assert.rejects(admit(gate, signedAs("acme-mail", "1.0.0")), {
      code: "SIGNED_NAME",
      message: /signed for the name "acme-mail", and "api" stands in its place/,
    });
    const admission = await admit(gate, signedAs("api", "1.0.0"));
    await admission.confirm({ name: "api", version: "1.0.0" });
    await assert.rejects(admission.confirm({ name: "api", version: "2.0.0" }), { code: "SIGNED_NAME" });
    const nameless = await admit(gate, signedFixture("component.signed.wasm"));
    await nameless.confirm({ name: "api", version: "1.0.0" });
    await assert.rejects(nameless.confirm({ name: "acme-mail", version: "1.0.0" }), { code: "SIGNED_NAME" });
  });

  test("a version older than the one trusted last is refused, unless a rollback is asked for", async () => {
    const record = join(folder.path, "state/versions.json");
    const gate = await gateWith({ ...AUTHOR, record });
    const newer = await admit(gate, signedAs("api", "1.10.0"));
    await newer.settle({ name: "api", version: "1.10.0" });
    // Another host, later.
    const later = await gateWith({ ...AUTHOR, record });
    const older = {
      code: "VERSION_OLDER",
      message: /"1\.9\.0", older than "1\.10\.0".*tusk reload "api" --older/,
    };
    await assert.rejects(admit(later, signedAs("api", "1.9.0")), older);
    await assert.rejects(admit(later, signedAs("api", "newest")), { code: "VERSION_OLDER" });
    await admit(later, signedAs("api", "1.10.0"));
    const nameless = await admit(later, signedFixture("component.signed.wasm"));
    await assert.rejects(nameless.confirm({ name: "api", version: "1.9.0" }), older);
    const back = await admit(later, signedAs("api", "1.9.0"), { older: true });
    await back.settle({ name: "api", version: "1.9.0" });
    await admit(later, signedAs("api", "1.9.0"));
  });

  test("a record that is damaged, or cannot be written, is told", async () => {
    const record = await folder.write("damaged.json", "{}");
    const gate = await gateWith({ ...AUTHOR, record });
    await assert.rejects(admit(gate, signedAs("api", "1.0.0")), { code: "TRUST_RECORD" });
    const nowhere = await gateWith({ ...AUTHOR, record: join(record, "versions.json") });
    await assert.rejects(admit(nowhere, signedAs("api", "1.0.0")), { code: "TRUST_RECORD" });
  });

  test("a pinned hash is all that counts, signed or not", async () => {
    const gate = await gateWith({ default: "require" });
    const sha256 = createHash("sha256").update(plain).digest("hex");
    assert.equal((await admit(gate, plain, { sha256 })).verdict.kind, "pinned");
    const other = signedFixture("component.signed.wasm");
    await assert.rejects(admit(gate, other, { sha256, trust: "off" }), { code: "HASH_PINNED" });
  });

  test("what differs from the lock file, or is not in it, is refused, whatever its trust", async () => {
    const lock = join(folder.path, "tusk.lock");
    const gate = await gateWith({ default: "off", lock });
    await assert.rejects(admit(gate, plain), { code: "LOCK_UNREADABLE", message: /tusk lock/ });
    const sha256 = createHash("sha256").update(plain).digest("hex");
    await writeLockFile(lock, { api: { sha256, sizeBytes: plain.length } });
    assert.equal((await admit(gate, plain)).verdict.kind, "unchecked");
    await assert.rejects(admit(gate, Buffer.concat([plain, plain.subarray(8)])), { code: "LOCK_DIFFERS" });
    await assert.rejects(admit(gate, plain, { name: "toString" }), {
      code: "LOCK_DIFFERS",
      message: /is not in the lock file/,
    });
    await writeFile(lock, '{"lockVersion":2,"plugins":{}}');
    await assert.rejects(admit(gate, plain), { code: "LOCK_UNREADABLE", message: /of this version/ });
  });

  test("what stands beside a file in the place of a signature, and is none, is not read", async () => {
    const file = await folder.write("beside/api.wasm", plain);
    const sidecar = `${file}.sig`;
    const refused = { code: "SIGNATURE_MALFORMED" };
    // It never ends.
    await symlink("/dev/zero", sidecar);
    await assert.rejects(readSidecars(file), { ...refused, message: /it is no file/ });
    await rm(sidecar);
    await folder.write("beside/api.wasm.sig", "");
    await truncate(sidecar, 2 ** 40);
    await assert.rejects(readSidecars(file), { ...refused, message: /it has 1099511627776 bytes/ });
  });

  test("a key that cannot be used keeps what was trusted before", async () => {
    const gate = await gateWith(AUTHOR);
    const { trust } = await parseSettings({
      plugins: {},
      trust: { keys: { lost: { file: join(folder.path, "lost.pub"), plugins: ["*"] } } },
    });
    await assert.rejects(gate.prepare(trust), { code: "KEY_UNREADABLE", message: /lost\.pub.*tusk keygen/ });
    assert.equal((await admit(gate, signedFixture("component.signed.wasm"))).verdict.kind, "signed");
  });

  test("without a word in the settings, what others could have written must be signed", async () => {
    const gate = await gateWith({});
    assert.equal((await admit(gate, plain, { file: "own/api.wasm" })).verdict.kind, "untrusted");
    const refused = { code: "SIGNATURE_MISSING" };
    for (const [path, mode, back] of [
      ["own", 0o777, 0o755],
      ["own", 0o1777, 0o755],
      ["own/api.wasm", 0o666, 0o644],
    ] as const) {
      await chmod(join(folder.path, path), mode);
      const settings = {
        name: "api",
        path: join(folder.path, "own/api.wasm"),
        trust: undefined,
        sha256: undefined,
      };
      await assert.rejects(
        gate.admit({ bytes: plain, sidecars: NONE, settings, older: false }),
        refused,
        path,
      );
      await chmod(join(folder.path, path), back);
    }
    await folder.write("open/inside/api.wasm", plain);
    await chmod(join(folder.path, "open"), 0o777);
    await symlink(join(folder.path, "open/inside/api.wasm"), join(folder.path, "own/link.wasm"));
    const settings = {
      name: "api",
      path: join(folder.path, "own/link.wasm"),
      trust: undefined,
      sha256: undefined,
    };
    const bytes = await readFile(settings.path);
    await assert.rejects(
      gate.admit({ bytes, sidecars: NONE, settings, older: false }),
      refused,
      "behind a link",
    );
  });

  const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const EVERY_TRUST = ["off", "warn", "require"] as const;

  test("a build that was revoked is refused whatever its trust, also where its hash is pinned", async () => {
    const signed = signedFixture("component.signed.wasm");
    const builds = [hashOf(signed).toUpperCase()];
    const gate = await gateWith({ ...AUTHOR, revoked: { builds } });
    for (const trust of EVERY_TRUST) {
      await assert.rejects(admit(gate, signed, { trust }), { code: "BUILD_REVOKED" });
    }
    await assert.rejects(admit(gate, signed, { sha256: hashOf(signed) }), { code: "BUILD_REVOKED" });
    assert.equal((await admit(gate, plain, { trust: "warn" })).verdict.kind, "untrusted");
  });

  test("what only a key has signed that was revoked is refused whatever its trust, unless its hash is pinned", async () => {
    const signed = signedFixture("component.signed.wasm");
    const revoked = { keys: [author.publicKey.toOpenSsh()] };
    for (const trusted of [AUTHOR, {}]) {
      const gate = await gateWith({ ...trusted, revoked });
      for (const trust of EVERY_TRUST) {
        await assert.rejects(admit(gate, signed, { trust }), {
          code: "KEY_REVOKED",
          message: trusted === AUTHOR ? /the key "author"/ : /the key/,
        });
      }
      assert.equal((await admit(gate, signed, { sha256: hashOf(signed) })).verdict.kind, "pinned");
      const harmless = { trust: "off" } as const;
      assert.equal((await admit(gate, plain, harmless)).verdict.kind, "unchecked");
    }
  });

  test("a build that another key has signed, too, is let in by that one alone", async () => {
    const other = SecretKey.generate();
    const both = signEmbedded(signedFixture("component.signed.wasm"), "a", other, withKeyId);
    const keys = { ...AUTHOR.keys, other: { key: other.publicKey.toOpenSsh(), plugins: ["api"] } };
    const revoked = { keys: [author.publicKey.toOpenSsh()] };
    const gate = await gateWith({ ...AUTHOR, keys, revoked });
    assert.deepEqual((await admit(gate, both)).verdict, { kind: "signed", keys: ["other"] });
    await assert.rejects(admit(gate, both, { name: "acme-mail" }), { code: "KEY_REVOKED" });
  });

  test("a file of revocations is read anew for each build, and without it nothing is let in", async () => {
    const file = await folder.write(
      "revoked.json",
      JSON.stringify({ revocationVersion: 1, keys: [], builds: [] }),
    );
    const gate = await gateWith({ ...AUTHOR, revoked: { file } });
    const signed = signedFixture("component.signed.wasm");
    assert.equal((await admit(gate, signed)).verdict.kind, "signed");
    await folder.write(
      "revoked.json",
      JSON.stringify({ revocationVersion: 1, keys: [], builds: [hashOf(signed)] }),
    );
    await assert.rejects(admit(gate, signed), { code: "BUILD_REVOKED" });
    await folder.write(
      "revoked.json",
      JSON.stringify({ revocationVersion: 1, keys: ["no key"], builds: [] }),
    );
    await assert.rejects(admit(gate, signed), { code: "REVOCATIONS_UNREADABLE" });
    await rm(file);
    await assert.rejects(admit(gate, signed, { trust: "off" }), { code: "REVOCATIONS_UNREADABLE" });
    await assert.rejects(gateWith({ revoked: { keys: ["no key"] } }), { code: "KEY_UNREADABLE" });
  });
});
