import { HostError } from "../../core/error.ts";
import { BinaryReader, BinaryWriter } from "../../wasm/binary.ts";
import { SECTION, sectionsOf } from "../../wasm/sections.ts";
import { customSection } from "./signed-file.ts";

/** For what a build was signed. */
export interface SignedIdentity {
  readonly name: string;
  readonly version: string;
}

/**
 * The custom section in which `tusk sign` writes the name and version of a plugin. It is among the bytes that
 * are signed, for the format of signatures itself has no place for them.
 */
const SECTION_NAME = "tusk-identity";

/** A copy of a file with the identity in a section at its end; one that it had already is replaced. */
export function withIdentity(bytes: Uint8Array, file: string, { name, version }: SignedIdentity): Buffer {
  const kept: Uint8Array[] = [];
  let from = 0;
  for (const { start, end } of identitySections(bytes, file)) {
    kept.push(bytes.subarray(from, start));
    from = end;
  }
  const payload = new BinaryWriter();
  payload.name(name);
  payload.name(version);
  return Buffer.concat([...kept, bytes.subarray(from), customSection(SECTION_NAME, payload.finish())]);
}

/**
 * The identity in a file, which means something only if the file is signed.
 *
 * @throws HostError BINARY_MALFORMED, also when there are two
 */
export function identityIn(bytes: Uint8Array, file: string): SignedIdentity | undefined {
  const [found, second] = identitySections(bytes, file);
  if (second)
    throw new HostError("BINARY_MALFORMED", { file, offset: second.start, reason: "two identities" });
  if (!found) return undefined;
  const reader = new BinaryReader(bytes, file, found.contents, found.end);
  const identity = { name: reader.name(), version: reader.name() };
  reader.expectEnd("an identity");
  return identity;
}

/** The identity in the trusted comment of a minisignature: "plugin:api version:1.2.0", among whatever else. */
export function identityInComment(comment: string): SignedIdentity | undefined {
  const words = new Map(
    Array.from(comment.matchAll(/(?<!\S)(\w+):(\S+)/g), ([, key, value]) => [key, value]),
  );
  const [name, version] = [words.get("plugin"), words.get("version")];
  return name === undefined || version === undefined ? undefined : { name, version };
}

function identitySections(
  bytes: Uint8Array,
  file: string,
): { start: number; contents: number; end: number }[] {
  return Array.from(sectionsOf(new BinaryReader(bytes, file))).flatMap(({ id, start, contents }) => {
    if (id !== SECTION.custom || contents.name() !== SECTION_NAME) return [];
    return { start, contents: contents.offset, end: contents.end };
  });
}
