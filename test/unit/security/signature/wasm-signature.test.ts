import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { HostError } from "../../../../host/core/error.ts";
import type { PublicKey } from "../../../../host/security/signature/public-key.ts";
import { SecretKey } from "../../../../host/security/signature/secret-key.ts";
import { parseSignature } from "../../../../host/security/signature/signature-set.ts";
import { customSection, takeApart } from "../../../../host/security/signature/signed-file.ts";
import {
  signDetached,
  signEmbedded,
  verifySignature,
} from "../../../../host/security/signature/wasm-signature.ts";
import { authorKey, fixtureKey, signedFixture } from "../../../kit/signed-fixture.ts";

const COMPONENT_HEADER = Buffer.from("0061736d0d000100", "hex");
const author = authorKey();
const trusted = author.publicKey;
const withKeyId = { withKeyId: true };

/** Whether a file is signed as a whole; damaged files are not. */
function isSigned(bytes: Uint8Array, key: PublicKey = trusted, detached?: Uint8Array): boolean {
  try {
    return (verifySignature(bytes, "a.wasm", [key], detached)?.signers.length ?? 0) > 0;
  } catch (error) {
    if (HostError.is(error)) return false;
    throw error;
  }
}

suite("files that wasmsign2 signed", () => {
  test("a module and a component signed by wasmsign2 verify", () => {
    assert.ok(isSigned(signedFixture("module.signed.wasm")));
    assert.ok(isSigned(signedFixture("component.signed.wasm")));
    assert.ok(isSigned(signedFixture("split.signed.wasm")));
  });

  test("a component signed with two keys verifies for each of them, and for no third", () => {
    const both = signedFixture("component.both.wasm");
    const keys = [trusted, fixtureKey("other.pub"), fixtureKey("ssh.pub")];
    const report = verifySignature(both, "both", keys);
    assert.deepEqual(report?.signers, keys.slice(0, 2));
    assert.deepEqual(
      report.keyIds,
      keys.slice(0, 2).map(({ name }) => name),
    );
  });

  test("an OpenSSH key verifies what wasmsign2 signed with it", () => {
    assert.ok(isSigned(signedFixture("component.ssh.wasm"), fixtureKey("ssh.pub")));
  });

  test("a detached signature verifies the file that it was detached from, and no other", () => {
    const signature = signedFixture("component.wasm.sig");
    assert.ok(isSigned(signedFixture("component.wasm"), trusted, signature));
    assert.ok(!isSigned(signedFixture("component.signed.wasm"), trusted, signature));
  });

  test("the same key signs the same file to the same bytes as wasmsign2 does", () => {
    const embedded = signEmbedded(signedFixture("component.wasm"), "a", author, withKeyId);
    assert.deepEqual(embedded, signedFixture("component.signed.wasm"));
    const without = signEmbedded(signedFixture("module.wasm"), "a", author, { withKeyId: false });
    assert.deepEqual(without, signedFixture("module.signed.wasm"));
    const detached = signDetached(signedFixture("component.wasm"), "a", author, withKeyId);
    assert.deepEqual(Buffer.from(detached), signedFixture("component.wasm.sig"));
  });

  test("what follows a signed delimiter cannot be left out", () => {
    const split = signedFixture("split.signed.wasm");
    assert.ok(isSigned(split));
    const lastSection = split.lastIndexOf(Buffer.from("000301792b", "hex"));
    assert.ok(!isSigned(split.subarray(0, lastSection)));
    const [set] = parseSignature(takeApart(split, "split").payload ?? new Uint8Array(), "split");
    assert.equal(set?.hashes.length, 2);
  });
});

suite("signatures of WebAssembly", () => {
  /** Components of a few custom sections, as far as signatures look into them. */
  const component = fc
    .array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.uint8Array({ maxLength: 40 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((sections) =>
      Buffer.concat([COMPONENT_HEADER, ...sections.map((section) => customSection(...section))]),
    );

  test("every bit that is flipped in a signed file is noticed", () => {
    for (const name of ["component.signed.wasm", "module.signed.wasm", "split.signed.wasm"]) {
      const bytes = signedFixture(name);
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        assert.ok(!isSigned(flipped), `${name}, bit ${bit}`);
      }
    }
  });

  test("every bit that is flipped in a detached signature is noticed", () => {
    const signature = signedFixture("component.wasm.sig");
    for (let bit = 0; bit < 8 * signature.length; bit++) {
      const flipped = Buffer.from(signature);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.ok(!isSigned(signedFixture("component.wasm"), trusted, flipped), `bit ${bit}`);
    }
  });

  test("whatever is done to a signed file, it is signed no longer", () => {
    const isChanged = (original: Buffer, changed: Buffer) => !original.equals(changed);
    fc.assert(
      fc.property(component, fc.gen(), (plain, gen) => {
        const signed = signEmbedded(plain, "a", author, withKeyId);
        assert.ok(isSigned(signed));
        const cut = gen(fc.integer, { min: 0, max: signed.length - 1 });
        const extra = customSection("more", gen(fc.uint8Array, { maxLength: 9 }));
        const sections = sectionsOf(signed);
        const moved = Buffer.concat([COMPONENT_HEADER, ...gen(fc.shuffledSubarray, sections)]);
        const padded = gen(fc.integer, { min: 0, max: sections.length - 1 });
        const changes = [
          signed.subarray(0, cut),
          Buffer.concat([signed, extra]),
          Buffer.concat([COMPONENT_HEADER, extra, ...sections]),
          Buffer.concat([
            COMPONENT_HEADER,
            ...sections.map((section, i) => (i === padded ? withLongLength(section) : section)),
          ]),
          Buffer.concat([signed, signed.subarray(8)]),
          moved,
        ];
        for (const changed of changes.filter((one) => isChanged(signed, one))) assert.ok(!isSigned(changed));
      }),
    );
  });

  test("what was signed before stays signed when another key signs it", () => {
    fc.assert(
      fc.property(component, fc.boolean(), (plain, withId) => {
        const other = SecretKey.generate();
        const options = { withKeyId: withId };
        const once = signEmbedded(plain, "a", author, options);
        const twice = signEmbedded(once, "a", other, options);
        assert.ok(isSigned(twice, trusted) && isSigned(twice, other.publicKey));
        const detached = signDetached(plain, "a", author, options);
        const both = signDetached(plain, "a", other, options, detached);
        assert.ok(isSigned(plain, trusted, both) && isSigned(plain, other.publicKey, both));
      }),
      { numRuns: 20 },
    );
  });

  test("a key signs a file once", () => {
    assert.throws(() => signEmbedded(signedFixture("component.signed.wasm"), "a.wasm", author, withKeyId), {
      code: "SIGNATURE_PRESENT",
    });
  });

  test("a file that a linker left room in is signed as wasmsign2 will read it", () => {
    const padded = Buffer.concat([COMPONENT_HEADER, withLongLength(customSection("x", Uint8Array.of(42)))]);
    const signed = signEmbedded(padded, "a", author, withKeyId);
    assert.deepEqual(signed, signedFixture("component.signed.wasm"));
  });

  test("a signature of more than the format allows is refused before it is read", () => {
    const payload = Buffer.from("010101ffffffff0f", "hex");
    assert.throws(() => parseSignature(payload, "a"), { code: "BINARY_MALFORMED", message: /more than 64/ });
  });

  test("a format that is not known is refused by its name", () => {
    assert.throws(() => parseSignature(Buffer.from("01010200", "hex"), "a"), {
      code: "BINARY_UNSUPPORTED",
      message: /the hash function 2/,
    });
  });
});

/** The sections of a component, each with its head. */
function sectionsOf(bytes: Buffer): Buffer[] {
  const sections = [];
  for (let at = 8; at < bytes.length;) {
    let end = at + 1;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[end++] as number;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    sections.push(bytes.subarray(at, end + length));
    at = end + length;
  }
  return sections;
}

/** The same section with its length in five bytes. */
function withLongLength(section: Buffer | Uint8Array): Buffer {
  let end = 1;
  while ((section[end] as number) >= 0x80) end++;
  const length = section.length - end - 1;
  const digits = [0, 7, 14, 21].map((shift) => ((length >>> shift) & 0x7f) | 0x80);
  return Buffer.concat([section.slice(0, 1), Uint8Array.from([...digits, 0]), section.slice(end + 1)]);
}
