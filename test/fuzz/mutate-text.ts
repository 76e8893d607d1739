import { pick, type Random } from "../unit/wasm/random.ts";

type Mutation = (text: string, other: string, pieces: readonly string[], random: Random) => string;

/** A text with one to four changes: characters and pieces of the language put in, taken out, doubled, exchanged. */
export function mutateText(text: string, other: string, pieces: readonly string[], random: Random): string {
  let mutant = text;
  for (let left = 1 + random(4); left > 0; left--)
    mutant = pick(MUTATIONS, random)(mutant, other, pieces, random);
  return mutant;
}

const MUTATIONS: readonly Mutation[] = [
  (text, _, pieces, random) => splice(text, random(text.length + 1), 0, pick(pieces, random)),
  (text, _, pieces, random) => splice(text, random(text.length + 1), 1 + random(6), pick(pieces, random)),
  (text, _, __, random) => splice(text, random(text.length + 1), 1 + random(20), ""),
  (text, _, __, random) => splice(text, random(text.length + 1), 0, String.fromCodePoint(random(0x3000))),
  (text, _, __, random) => text.slice(0, random(text.length + 1)),
  (text, _, __, random) => {
    const at = random(text.length + 1);
    return splice(text, random(text.length + 1), 0, text.slice(at, at + 1 + random(40)));
  },
  (text, other, _, random) => {
    const at = random(other.length + 1);
    return splice(text, random(text.length + 1), 1 + random(20), other.slice(at, at + 1 + random(40)));
  },
  // Deep, and long.
  (text, _, pieces, random) =>
    splice(text, random(text.length + 1), 0, pick(pieces, random).repeat(1 + random(300))),
];

function splice(text: string, at: number, remove: number, insert: string): string {
  return text.slice(0, at) + insert + text.slice(at + remove);
}
