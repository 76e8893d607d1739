import { pick, type Random } from "../unit/wasm/random.ts";

type Mutation = (bytes: Buffer, random: Random) => Buffer;

/**
 * A damaged binary. Every other one differs in one bit, so that much of it still makes sense; the others in one
 * to three places: bytes changed, left out, put in, copied, the end cut off, the length of a section changed.
 */
export function mutateBinary(original: Uint8Array, random: Random): Buffer {
  if (random(2) === 0) return flip(Buffer.from(original), random);
  let mutant = Buffer.from(original);
  for (let left = 1 + random(3); left > 0 && mutant.length > 8; left--) {
    mutant = Buffer.from(pick(MUTATIONS, random)(mutant, random));
  }
  return mutant;
}

const MUTATIONS: readonly Mutation[] = [
  flip,
  (bytes, random) => change(bytes, random(bytes.length), () => random(256)),
  (bytes, random) => change(bytes, random(bytes.length), (byte) => byte + 1),
  (bytes, random) => change(bytes, random(bytes.length), (byte) => byte - 1),
  (bytes, random) => splice(bytes, random(bytes.length), 1 + random(4), Buffer.alloc(0)),
  (bytes, random) => splice(bytes, random(bytes.length), 0, Buffer.alloc(1 + random(4), random(256))),
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => {
    const from = random(bytes.length);
    const piece = bytes.subarray(from, from + 1 + random(16));
    return splice(bytes, random(bytes.length), piece.length, piece);
  },
  changeSectionLength,
];

function flip(bytes: Buffer, random: Random): Buffer {
  return change(bytes, random(bytes.length), (byte) => byte ^ (1 << random(8)));
}

function change(bytes: Buffer, at: number, how: (byte: number) => number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = how(changed[at] as number) & 0xff;
  return changed;
}

function splice(bytes: Buffer, at: number, remove: number, insert: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
}

/** Changes the first byte of the length of one of the outermost sections, which begin at byte 8. */
function changeSectionLength(bytes: Buffer, random: Random): Buffer {
  const lengths = [];
  for (let at = 8; at + 1 < bytes.length;) {
    lengths.push(at + 1);
    let length = 0;
    let shift = 0;
    for (at++; at < bytes.length; shift += 7) {
      const byte = bytes[at++] as number;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    at += length;
  }
  return change(bytes, pick(lengths, random), (byte) => byte + random(2) * 2 - 1);
}
