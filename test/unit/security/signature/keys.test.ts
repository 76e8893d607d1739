import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { suite, test } from "node:test";
import { parsePublicKey } from "../../../../host/security/signature/parse-public-key.ts";
import { SecretKey } from "../../../../host/security/signature/secret-key.ts";
import { authorKey, fixtureKey, signedFixture } from "../../../kit/signed-fixture.ts";

suite("keys", () => {
  test("a secret key is read in every form that it is written in, and its public key with it", () => {
    const key = SecretKey.generate();
    for (const form of [key.toRaw(), Buffer.from(key.toPem())]) {
      assert.deepEqual(SecretKey.parse(form, "key").publicKey, key.publicKey);
    }
    const { publicKey } = key;
    const raw = publicKey.toRaw();
    const forms = [
      raw,
      raw.toString("hex"),
      raw.toString("base64"),
      publicKey.toPem(),
      publicKey.toOpenSsh(),
    ];
    for (const form of forms) assert.deepEqual(parsePublicKey(form, "key"), publicKey);
  });

  test("the keys that wasmsign2 and ssh-keygen wrote are read", () => {
    assert.deepEqual(authorKey().publicKey, fixtureKey("author.pub"));
    assert.equal(authorKey().publicKey.name, "BDC498530B81C326B1CA5144");
    assert.deepEqual(authorKey().toRaw(), signedFixture("author.key"));
    const ssh = SecretKey.parse(signedFixture("ssh"), "ssh");
    assert.deepEqual(ssh.publicKey, fixtureKey("ssh.pub"));
    assert.equal(`${ssh.publicKey.toOpenSsh()} author\n`, signedFixture("ssh.pub").toString());
  });

  test("a key that cannot be used is refused, with the reason", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const locked = generateKeyPairSync("ed25519").privateKey.export({
      format: "pem",
      type: "pkcs8",
      cipher: "aes-256-cbc",
      passphrase: "x",
    });
    const halves = authorKey().toRaw();
    halves[64] = 0;
    const [head = "", body = "", end = ""] = signedFixture("ssh")
      .toString()
      .split(/(?<=KEY-----)|(?=-----END)/);
    const bytes = Buffer.from(body, "base64");
    bytes[bytes.length - 60] = (bytes[bytes.length - 60] as number) ^ 1;
    const damaged = `${head}${bytes.toString("base64")}${end}`;
    const secret: [form: string | Buffer, reason: RegExp][] = [
      ["", /neither a raw key of wasmsign2, nor PEM, nor OpenSSH/],
      [rsa.privateKey.export({ format: "pem", type: "pkcs8" }), /a key for rsa, not Ed25519/],
      [locked, /encrypted/],
      [LOCKED_SSH_KEY, /encrypted.*ssh-keygen -p/],
      [halves, /two halves do not belong together/],
      [damaged, /two halves do not belong together/],
    ];
    for (const [form, reason] of secret) {
      assert.throws(() => SecretKey.parse(Buffer.from(form), "key"), {
        code: "KEY_UNREADABLE",
        message: reason,
      });
    }
    const open: [form: string, reason: RegExp][] = [
      ["ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB", /no Ed25519 key in a form that is known/],
      [rsa.publicKey.export({ format: "pem", type: "spki" }), /no key for Ed25519/],
      [SecretKey.generate().toPem(), /a secret key; name the public one/],
      ["-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", /public key "key" cannot be used/],
    ];
    for (const [form, reason] of open) {
      assert.throws(() => parsePublicKey(form, "key"), { code: "KEY_UNREADABLE", message: reason });
    }
  });
});

/** Made with `ssh-keygen -t ed25519 -N locked`. */
const LOCKED_SSH_KEY = `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABAHGPLmiD
eXgAUSFUMFx67hAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIMFBDB8KIxe+jgFj
rS4p08REd7Veg+v41ddUE4MtEaPvAAAAkNyGPtsh6eVHy/eCUY8E3bHWy7IVpO42pHdLl9
i58c6qY1yIJbCGCy79hYzndMqF3R7QvlA1Xi5EsNOIZnlJ1IzwB31dCIcmOmRjAvItG0+T
VdRVBw5UaHAa+GDJdP/CMDcPlP/hGurGMWDAb6ZSA8fHFZMWAav3WPv3W+S4qCKLdJGCM+
9Cg0BGfbTv3MIECw==
-----END OPENSSH PRIVATE KEY-----
`;
