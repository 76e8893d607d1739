/** A fenced block of a Markdown page. */
export interface FencedBlock {
  /** Empty for what is printed. */
  readonly language: string;
  readonly text: string;
  /** The block without a language that follows: what it prints. */
  readonly printed: string | undefined;
}

/** The fenced blocks of a page that have a language, in their order. */
export function fencedBlocks(page: string): FencedBlock[] {
  const found = page.matchAll(/^```(\w+)\n(.*?)^```\n(?:\n```\n(.*?)^```$)?/gms);
  return Array.from(found, ([, language = "", text = "", printed]) => ({ language, text, printed }));
}
