import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { HostError } from "../../../../host/core/error.ts";
import { isMinisignedBy, parseMinisignature } from "../../../../host/security/signature/minisign.ts";
import { parsePublicKey } from "../../../../host/security/signature/parse-public-key.ts";
import { authorKey, fixtureKey, signedFixture } from "../../../kit/signed-fixture.ts";

const component = signedFixture("component.wasm");
const sidecar = signedFixture("component.wasm.minisig").toString();
const key = fixtureKey("minisign.pub");

function isSigned(text: string, bytes: Uint8Array = component): boolean {
  try {
    return isMinisignedBy(parseMinisignature(Buffer.from(text), "a.minisig"), bytes, key);
  } catch (error) {
    if (HostError.is(error, "SIGNATURE_MALFORMED")) return false;
    throw error;
  }
}

suite("minisign", () => {
  test("a file signed by rsign verifies, and its trusted comment is told", () => {
    assert.ok(isSigned(sidecar));
    const { trustedComment, isPrehashed } = parseMinisignature(Buffer.from(sidecar), "a");
    assert.deepEqual([trustedComment, isPrehashed], ["plugin:api version:1.2.0", true]);
  });

  test("every bit that is flipped behind the untrusted comment is noticed, and so is one in the file", () => {
    const bytes = Buffer.from(sidecar);
    const from = sidecar.indexOf("\n") + 1;
    for (let bit = 8 * from; bit < 8 * bytes.length - 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.ok(!isSigned(flipped.toString("latin1")), `bit ${bit}`);
    }
    assert.ok(!isSigned(sidecar, Buffer.concat([component, Uint8Array.of(0)])));
  });

  test("a signature of the first kind, of the file and not of its hash, verifies", () => {
    const id = Buffer.from("0123456789abcdef", "hex");
    const secret = authorKey();
    const encoded = Buffer.concat([Buffer.from("Ed"), id, secret.publicKey.bytes]).toString("base64");
    const own = parsePublicKey(`untrusted comment: minisign public key\n${encoded}\n`, "own");
    const signature = secret.sign(component);
    const comment = "timestamp:1";
    const text = [
      "untrusted comment: x",
      Buffer.concat([Buffer.from("Ed"), id, signature]).toString("base64"),
      `trusted comment: ${comment}`,
      secret.sign(Buffer.concat([signature, Buffer.from(comment)])).toString("base64"),
    ].join("\n");
    const parsed = parseMinisignature(Buffer.from(text), "a");
    assert.deepEqual([parsed.isPrehashed, isMinisignedBy(parsed, component, own)], [false, true]);
    assert.ok(
      !isMinisignedBy(parsed, component, secret.publicKey),
      "a key for WebAssembly signatures is none for minisign",
    );
  });

  test("what is no signature of minisign is refused, with the reason", () => {
    const cases: [text: string, reason: RegExp][] = [
      ["", /no signature of minisign/],
      [sidecar.replace("untrusted", "trusted"), /no signature of minisign/],
      [sidecar.replace(/\nRU/, "\nAA"), /algorithm is not known/],
      [`${sidecar}${"x".repeat(5_000)}`, /more than 4096 bytes/],
    ];
    for (const [text, reason] of cases) {
      assert.throws(() => parseMinisignature(Buffer.from(text), "a"), {
        code: "SIGNATURE_MALFORMED",
        message: reason,
      });
    }
  });
});
